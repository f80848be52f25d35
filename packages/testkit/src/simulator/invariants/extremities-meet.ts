import { roomsTogether } from './rooms-together.ts';
import type { Invariant } from './simulated.ts';

/**
 * When everybody in a room has said something and all has arrived, it ends in the same events everywhere. With a hostile
 * server nothing is said of it: whom it gave which forks may stay different for as long as it lives.
 */
export const extremitiesMeet: Invariant = (simulated) => {
  if (simulated.hostile !== undefined) return [];
  return roomsTogether(simulated).flatMap((together) => {
    const byEnds = Map.groupBy(together, ({ extremities }) => extremities.join(' '));
    if (byEnds.size <= 1) return [];
    const ends = [...byEnds].map(
      ([key, rooms]) => `${rooms.map(({ server }) => server.name).join(', ')}: ${key}`,
    );
    return [`${together[0]?.roomId} ends in other events at ${ends.join('; at ')}`];
  });
};
