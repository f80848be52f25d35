import { deadline } from '../deadline.ts';
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
    // A server that hears of us tries again at once; by its own clock Synapse may take a minute.
    await guest.sendText(room, 'back again');
    await guest.until((client) => {
      const seen = new Set(client.room(room).bodies());
      return bodies.every((body) => seen.has(body));
    }, deadline('every missed message'));
  },
};
