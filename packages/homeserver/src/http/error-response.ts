import { RemoteServerError } from '@hansa/net';
import { StoreUnavailableError } from '@hansa/storage';
import { explainRemote } from '../explain-remote.ts';
import {
  internalError,
  invalidHttp,
  MatrixError,
  notStored,
  tooLarge,
  unreachable,
} from '../matrix-error.ts';
import type { Log } from '../log.ts';
import { Answer } from './answer.ts';

/**
 * The one place where an error becomes an HTTP answer. A refusal is told as it is; what another server failed to do is
 * 502, what the database cannot store 503; everything else is a bug or an outage of ours, whose message stays in the log.
 */
export function errorResponse(error: unknown, request: ErrorContext): Answer {
  if (error instanceof MatrixError) {
    // Only the cause: a refusal may pass on the words of a peer, which do not belong into our log.
    const remote = remoteCauseOf(error);
    if (remote !== undefined) logRemote(remote, request, error.status >= 500 ? 'warn' : 'info');
    return refusal(error);
  }
  if (error instanceof RemoteServerError) {
    logRemote(error, request, 'warn');
    return refusal(unreachable(explainRemote(error)));
  }
  if (error instanceof StoreUnavailableError) {
    // The store tells of it once, in full; here are those who were refused.
    request.log.warn({ requestId: request.requestId }, 'a request was refused: nothing is stored');
    return refusal(notStored(error));
  }
  const known = refusalOfFramework(error);
  if (known !== undefined) return refusal(known);
  request.log.error({ err: error, requestId: request.requestId }, 'request failed');
  return refusal(internalError());
}

export interface ErrorContext {
  readonly requestId: string;
  readonly log: Log;
}

function remoteCauseOf({ cause }: MatrixError): RemoteServerError | undefined {
  if (cause instanceof RemoteServerError) return cause;
  return cause instanceof MatrixError ? remoteCauseOf(cause) : undefined;
}

/** A refusal by another server is no fault that somebody here has to see to. */
function logRemote(
  err: RemoteServerError,
  { log, requestId }: ErrorContext,
  level: 'info' | 'warn',
): void {
  log[level]({ err, requestId }, 'another server failed a request');
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
  if (statusCode === 413) return tooLarge('The body is too large.');
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  return invalidHttp(statusCode);
}
