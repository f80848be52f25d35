import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';

/** First wait of a series; each further one is twice as long, up to the longest. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** The connection was lost, or there was none to be had: the same may succeed later. */
export class OutageError extends StoreUnavailableError {
  override readonly name = 'OutageError';
}

/** Classes of SQLSTATE for a connection that failed (08) and a server that ends or starts (57P). */
const OUTAGE_CLASSES = /^(08|57P)/;
const TOO_MANY_CONNECTIONS = '53300';
/** What the driver says where neither the server nor the operating system has a code. */
const LOST = /^Connection terminated|^Cl.* is not queryable$|^timeout e(xceeded|xpired)/;

/** Whether the database could not be reached, or went away. What it refused is no outage. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof OutageError) return true;
  if (error instanceof DatabaseError) {
    return error.code === TOO_MANY_CONNECTIONS || OUTAGE_CLASSES.test(error.code ?? '');
  }
  if (error instanceof AggregateError) return error.errors.every(isOutage);
  return 'syscall' in error || LOST.test(error.message);
}

/** How often it is tried again: some fifteen seconds of an outage. */
const MAX_ATTEMPTS = 20;

/** Tries again in an outage, and fails as the last attempt did when that lasts, or when `hasEnded` says so. */
export async function persist<T>(attempt: () => Promise<T>, hasEnded: () => boolean): Promise<T> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOutage(error) || hasEnded() || attempts >= MAX_ATTEMPTS) throw error;
      await backOff(attempts);
    }
  }
}

/** Waits before trying again for the `attempt`-th time, counted from 0: full jitter. */
export async function backOff(attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt));
}
