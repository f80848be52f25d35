import { deadline } from '@hansa/testkit';
import { seesMembership } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const inviteReject: Scenario = {
  title: 'invite, rejected',
  async run({ host, guest, roomVersion }) {
    const room = await host.createRoom({
      preset: 'private_chat',
      room_version: roomVersion,
      invite: [guest.userId],
    });
    await guest.until((client) => client.invites.has(room), deadline('the invite'));
    await guest.leave(room);
    await seesMembership(host, room, guest.userId, 'leave');
  },
};
