import { hearsInOrder, readsInOrder } from './messages.ts';
import { agreeOnState, sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const MISSED = 200;

export const homeStopped: Scenario = {
  title: `the room's own server is stopped for ${MISSED} messages, and has them all afterwards`,
  async run(stage) {
    const { home, hansa, host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    await home.stop();
    const bodies = Array.from({ length: MISSED }, (_, n) => `missed ${n}`);
    for (const body of bodies) await guest.sendText(room, body);
    await home.resume();
    await (home === hansa ? hearsInOrder : readsInOrder)(host, room, bodies);
    await agreeOnState(room, host, guest);
  },
};
