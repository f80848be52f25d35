import type { MatrixClient } from '@hansa/testkit';
import { talk } from './messages.ts';
import { agreeOnState, isForbidden, moderate } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { sees, seesInvite, seesMembership } from './sees.ts';

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
    const alias = `#knock-${tag}:${home.serverName}`;
    await isForbidden('a join without a knock', guest.join(alias));
    await knockAt(guest, alias, 'May I?');
    await seesMembership(host, room, guest.userId, 'knock');
    await sees(guest, 'their own knock', () => guest.knocks.has(room), true);
    await moderate(host, 'kick', room, guest.userId);
    // Synapse neither tells the server of a refused knock nor heeds it when told.
    await seesMembership(host, room, guest.userId, 'leave');
    await knockAt(guest, alias, 'And now?');
    await seesMembership(host, room, guest.userId, 'knock');
    await host.invite(room, guest.userId);
    await seesInvite(guest, room);
    await guest.join(room);
    await seesMembership(host, room, guest.userId, 'join');
    await talk(room, [host, guest], 'knock');
    await agreeOnState(room, host, guest);
  },
};

async function knockAt(guest: MatrixClient, alias: string, reason: string): Promise<void> {
  const path = `/_matrix/client/v3/knock/${encodeURIComponent(alias)}`;
  await guest.http.request('POST', path, { reason });
}
