import { RemoteServerError } from '@hansa/net';
import { MatrixError } from '../matrix-error.ts';
import type { Log } from '../log.ts';
import { Answer } from './answer.ts';

/**
 * The one place where an error becomes an HTTP answer. A refusal is told as it is; what another server failed to do is
 * 502; everything else is a bug or an outage of ours, whose message stays in the log.
 */
export function errorResponse(error: unknown, request: ErrorContext): Answer {
  if (error instanceof MatrixError) return refusal(error);
  if (error instanceof RemoteServerError) {
    request.log.warn(
      { err: error, requestId: request.requestId },
      'another server failed a request',
    );
    return refusal(
      new MatrixError(502, 'M_UNKNOWN', `${error.server} did not do what it was asked for.`),
    );
  }
  const known = refusalOfFramework(error);
  if (known !== undefined) return refusal(known);
  request.log.error({ err: error, requestId: request.requestId }, 'request failed');
  return refusal(new MatrixError(500, 'M_UNKNOWN', 'Internal server error'));
}

export interface ErrorContext {
  readonly requestId: string;
  readonly log: Log;
}

function refusal(error: MatrixError): Answer {
  const { status, errcode, message, fields } = error;
  const retryAfterMs = fields['retry_after_ms'];
  const headers: Record<string, string> =
    typeof retryAfterMs === 'number'
      ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
      : {};
  return new Answer(status, { ...fields, errcode, error: message }, headers);
}

/** What fastify refuses before a route sees it. */
function refusalOfFramework(error: unknown): MatrixError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode } = error as { readonly statusCode?: unknown };
  if (statusCode === 413) return new MatrixError(413, 'M_TOO_LARGE', 'The body is too large.');
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  return new MatrixError(statusCode, 'M_UNKNOWN', 'The request is not valid HTTP.');
}
