import { pageBack, requireSame, type MatrixClient } from '@hansa/testkit';
import { talk } from './messages.ts';
import { agreeOnState, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesMembership } from './sees.ts';

export const leaveAndRejoin: Scenario = {
  title: 'leave, then join again, and read what was said in between',
  async run(stage) {
    const { home, host, guest, tag } = stage;
    const room = await sharedPublicRoom(stage);
    await guest.leave(room);
    await seesMembership(host, room, guest.userId, 'leave');
    await host.sendText(room, 'said while the guest was away');
    await host.setState(room, 'm.room.topic', { topic: 'changed while the guest was away' });
    await guest.join(`#public-${tag}:${home.serverName}`);
    await seesMembership(host, room, guest.userId, 'join');
    await talk(room, [host, guest], 'again');
    await agreeOnState(room, host, guest);
    const read = async (reader: MatrixClient) =>
      (await pageBack(reader, room)).map(({ type, event_id: id }) => `${type} ${id}`);
    requireSame('the history', await read(guest), await read(host));
  },
};
