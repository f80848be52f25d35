import type { Deadline } from './matrix-client.ts';

/** A bound against a hang, not a measure. */
const PATIENCE_MS = 60_000;

/** How long is waited for something to become visible, and what is said when it does not. */
export function deadline(what: string): Deadline {
  return { what, signal: AbortSignal.timeout(PATIENCE_MS) };
}
