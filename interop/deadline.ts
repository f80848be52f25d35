import type { Deadline } from '@hansa/testkit';

const PATIENCE_MS = 30_000;

/** How long a scenario waits for something to become visible, and what it says when it does not. */
export function deadline(what: string): Deadline {
  return { what, signal: AbortSignal.timeout(PATIENCE_MS) };
}
