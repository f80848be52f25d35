import { registerAt } from '../peer.ts';
import { talk } from './messages.ts';
import { agreeOnState, sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesInvite, seesMembership } from './sees.ts';

export const privateGroup: Scenario = {
  title: 'a private group of three servers; each of the three invites or is invited',
  async run(stage) {
    const { host, guest, secondHansa, tag } = stage;
    const room = await sharedPrivateRoom(stage);
    const third = await registerAt(secondHansa, `third-${tag}`);
    await guest.invite(room, third.userId);
    await seesInvite(third, room);
    await third.join(room);
    for (const other of [host, guest]) await seesMembership(other, room, third.userId, 'join');
    await talk(room, [host, guest, third], 'group');
    await third.leave(room);
    for (const other of [host, guest]) await seesMembership(other, room, third.userId, 'leave');
    await host.invite(room, third.userId);
    await seesInvite(third, room);
    await third.join(room);
    for (const other of [host, guest]) await seesMembership(other, room, third.userId, 'join');
    await talk(room, [third, guest, host], 'group again');
    await agreeOnState(room, host, guest, third);
  },
};
