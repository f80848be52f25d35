import type { Candidate, Contest } from './row.ts';

/** What is started for the contest ends with it, also where something else cannot be started. */
export async function contestOf(
  start: (
    running: AsyncDisposableStack,
  ) => Promise<{ readonly ours: Candidate; readonly reference?: Candidate }>,
): Promise<Contest> {
  await using starting = new AsyncDisposableStack();
  const candidates = await start(starting);
  const running = starting.move();
  return { ...candidates, close: () => running.disposeAsync() };
}
