import { RemoteServerError } from '@hansa/net';
import { pino } from 'pino';

/**
 * What stands in the log for an error: for what another server failed to do one sentence, which names the server and
 * why, as that is no fault of this program; for everything else all that is known, its stack trace too.
 */
export function describeLoggedError(error: Error): unknown {
  return error instanceof RemoteServerError ? error.message : pino.stdSerializers.err(error);
}
