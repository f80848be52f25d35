import { deadline } from '@hansa/testkit';
import { agreeOnState, seesMembership, talk } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const knock: Scenario = {
  title: 'a knock is refused, comes again, and is answered by an invite',
  async run({ home, host, guest, tag, roomVersion }) {
    const room = await host.createRoom({
      preset: 'private_chat',
      name: `Knock ${tag}`,
      room_alias_name: `knock-${tag}`,
      room_version: roomVersion,
      initial_state: [
        { type: 'm.room.join_rules', state_key: '', content: { join_rule: 'knock' } },
      ],
    });
    const path = `/_matrix/client/v3/knock/${encodeURIComponent(`#knock-${tag}:${home.serverName}`)}`;
    await guest.http.request('POST', path, { reason: 'May I?' });
    await seesMembership(host, room, guest.userId, 'knock');
    await host.http.request('POST', `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/kick`, {
      user_id: guest.userId,
    });
    // Synapse neither tells the server of a refused knock nor heeds it when told.
    await seesMembership(host, room, guest.userId, 'leave');
    await guest.http.request('POST', path, { reason: 'And now?' });
    await seesMembership(host, room, guest.userId, 'knock');
    await host.invite(room, guest.userId);
    await guest.until((client) => client.invites.has(room), deadline('the invite'));
    await guest.join(room);
    await seesMembership(host, room, guest.userId, 'join');
    await talk(room, [host, guest], 'knock');
    await agreeOnState(room, host, guest);
  },
};
