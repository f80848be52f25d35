import { deadline } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const MISSED = 30;

export const catchUp: Scenario = {
  title: `${MISSED} messages while the other server is stopped, then all of them`,
  async run(stage) {
    const { away, host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    await away.stop();
    const bodies = Array.from({ length: MISSED }, (_, n) => `missed ${n}`);
    for (const body of bodies) await host.sendText(room, body);
    await away.resume();
    await guest.until((client) => {
      const seen = new Set(client.room(room).bodies());
      return bodies.every((body) => seen.has(body));
    }, deadline('every missed message'));
  },
};
