import { isForbidden, moderate } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { sees, seesInvite } from './sees.ts';

export const inviteRescind: Scenario = {
  title: 'invite, taken back before it is accepted',
  async run({ home, host, guest, roomVersion }) {
    const room = await host.createRoom({
      preset: 'private_chat',
      room_version: roomVersion,
      invite: [guest.userId],
    });
    await seesInvite(guest, room);
    await moderate(host, 'kick', room, guest.userId);
    await sees(guest, 'the invite', () => guest.invites.has(room), false);
    await isForbidden(
      'a join by an invite that was taken back',
      guest.join(room, [home.serverName]),
    );
  },
};
