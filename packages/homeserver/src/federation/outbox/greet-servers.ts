import type { Effects } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';

/** At a time: most of a large list may be servers that are gone, and each of those takes its time to fail. */
const MAX_AT_ONCE = 10;
/**
 * Before each. Never none: a server whose attempt fails just before we listen has to have noted that, or the greeting
 * ends no waiting. Never the same: not all of them are to turn to us in one moment.
 */
const PAUSE_MS = { shortest: 250, longest: 750 };

/** Greets one after the other, a few at a time. Rejects with the signal's reason when it aborts. */
export async function greetServers(
  servers: readonly ServerName[],
  greet: (server: ServerName) => Promise<void>,
  { timers, random, signal }: Pick<Effects, 'timers' | 'random'> & { readonly signal: AbortSignal },
): Promise<void> {
  const left = servers.values();
  const greetNext = async (): Promise<void> => {
    for (const server of left) {
      const { shortest, longest } = PAUSE_MS;
      await timers.sleep(shortest + random.fraction() * (longest - shortest), signal);
      signal.throwIfAborted();
      await greet(server);
    }
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, greetNext));
}
