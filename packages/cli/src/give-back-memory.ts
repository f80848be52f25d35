import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who asked while the server started has been answered by then. */
const AFTER_START_MS = 2_000;

/**
 * Gives back what only the start needed, some 50 MB: V8 would keep it, as if the server went on to take memory so fast. It
 * is one collection, of some 80 ms, and the only way to ask for one without a flag of Node. Where it fails, nothing is lost.
 */
export async function giveBackMemory(): Promise<void> {
  await sleep(AFTER_START_MS, undefined, { ref: false });
  const session = new Session();
  try {
    session.connect();
    await session.post('HeapProfiler.collectGarbage');
  } catch {
    // The memory stays taken.
  } finally {
    session.disconnect();
  }
}
