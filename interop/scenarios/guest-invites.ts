import { registerAt } from '../peer.ts';
import { talk } from './messages.ts';
import { agreeOnState, sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesInvite, seesMembership } from './sees.ts';

export const guestInvites: Scenario = {
  title: "the guest invites somebody of the room's own server",
  async run(stage) {
    const room = await sharedPrivateRoom(stage);
    const third = await registerAt(stage.home, `third-${stage.tag}`);
    await stage.guest.invite(room, third.userId);
    await seesInvite(third, room);
    await third.join(room);
    await seesMembership(stage.guest, room, third.userId, 'join');
    await talk(room, [third, stage.guest], 'three');
    await agreeOnState(room, stage.host, stage.guest);
  },
};
