import { differences, stateOf } from './rooms-of.ts';
import { roomsByServers } from './rooms-together.ts';
import type { Invariant } from './simulated.ts';

/**
 * Servers that see a room end in the same events see it in the same state. With a hostile server: among the honest ones,
 * unless one of them has taken a state of the room on the word of the hostile one.
 */
export const equalExtremitiesGiveEqualState: Invariant = async ({ servers, hostile, misled }) => {
  const faults: string[] = [];
  for (const together of roomsByServers(servers)) {
    const hasClaims = together.some(({ events }) => events.values().some(({ claimed }) => claimed));
    if (hostile !== undefined && (hasClaims || misled.has(together[0]?.roomId ?? ''))) continue;
    const byEnds = Map.groupBy(together, ({ extremities }) => extremities.join(' '));
    for (const [first, ...others] of byEnds.values()) {
      if (first === undefined) continue;
      const expected = await stateOf(first);
      for (const other of others) {
        for (const difference of differences(expected, await stateOf(other))) {
          const names = `${first.server.name} and ${other.server.name}`;
          faults.push(
            `${names} have the same extremities of ${first.roomId} and differ in ${difference}`,
          );
        }
      }
    }
  }
  return faults;
};
