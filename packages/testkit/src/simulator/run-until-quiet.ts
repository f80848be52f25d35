import { isQuiet } from './is-quiet.ts';
import type { World } from './world/world.ts';

/** A staged event that nobody can complete is given up after a day. */
const HEALING_MS = 26 * 3_600_000;
const LOOK_EVERY_MS = 5_000;

/** Lets time go by until nothing is left to do, or a little more than a day has gone by. */
export async function runUntilQuiet(
  world: World,
  state: Parameters<typeof isQuiet>[0],
): Promise<void> {
  const start = world.now;
  while (world.now < start + HEALING_MS && !isQuiet(state)) {
    // Whatever waits long waits for a retry: the longer it took so far, the rarer a look is worth its time.
    const past = world.now - start;
    await world.runUntil(world.now + Math.max(LOOK_EVERY_MS, past / 10));
  }
  await world.runUntil(world.now + LOOK_EVERY_MS);
}
