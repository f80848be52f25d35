import { RemoteServerError } from '@hansa/net';
import { pino } from 'pino';

/**
 * What stands in the log for an error: for what another server failed to do one sentence, which names the server and
 * why, and how it was looked for, as that is no fault of this program; for everything else all that is known, its stack
 * trace too.
 */
export function describeLoggedError(error: Error): unknown {
  if (!(error instanceof RemoteServerError)) return pino.stdSerializers.err(error);
  const { message, search } = error;
  return search.length === 0 ? message : `${message} (looked for: ${search.join('; ')})`;
}
