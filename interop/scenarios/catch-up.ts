import { hearsInOrder, readsInOrder } from './messages.ts';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const MISSED = 200;

export const catchUp: Scenario = {
  title: `the visiting server is stopped for ${MISSED} messages, and has them all afterwards`,
  async run(stage) {
    const { away, hansa, host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    await away.stop();
    const bodies = Array.from({ length: MISSED }, (_, n) => `missed ${n}`);
    for (const body of bodies) await host.sendText(room, body);
    await away.resume();
    await (away === hansa ? hearsInOrder : readsInOrder)(guest, room, bodies);
  },
};
