import type { Effects } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';

/** At a time: most of a large list may be servers that are gone, and each of those takes its time to fail. */
const MAX_AT_ONCE = 10;
/** Before each, so that not all of them turn to us in one moment. */
const LONGEST_PAUSE_MS = 500;

/** Greets one after the other, a few at a time. Rejects with the signal's reason when it aborts. */
export async function greetServers(
  servers: readonly ServerName[],
  greet: (server: ServerName) => Promise<void>,
  { timers, random, signal }: Pick<Effects, 'timers' | 'random'> & { readonly signal: AbortSignal },
): Promise<void> {
  const left = servers.values();
  const greetNext = async (): Promise<void> => {
    for (const server of left) {
      await timers.sleep(random.fraction() * LONGEST_PAUSE_MS, signal);
      signal.throwIfAborted();
      await greet(server);
    }
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, greetNext));
}
