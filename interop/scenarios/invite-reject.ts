import type { Scenario } from './scenario.ts';
import { seesInvite, seesMembership } from './sees.ts';

export const inviteReject: Scenario = {
  title: 'invite, rejected',
  async run({ host, guest, roomVersion }) {
    const room = await host.createRoom({
      preset: 'private_chat',
      room_version: roomVersion,
      invite: [guest.userId],
    });
    await seesInvite(guest, room);
    await guest.leave(room);
    await seesMembership(host, room, guest.userId, 'leave');
  },
};
