import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { StreamAnswer } from './answer.ts';
import type { ErrorContext } from './error-response.ts';

/** How long a caller may take nothing of what it asked for. */
const STALLED_MS = 120_000;

/**
 * What fails in the middle can only be hung up on: the status is out already. So is who stalls, and everybody when `signal`
 * aborts: nobody knows when a download would end.
 */
export function sendStream(
  reply: FastifyReply,
  { status, headers, body }: StreamAnswer,
  { log, requestId, signal }: ErrorContext & { readonly signal: AbortSignal },
): FastifyReply {
  const report = (err: unknown): void => {
    log.error({ err, requestId }, 'an answer broke off');
  };
  const stream = Readable.from(body.bytes, { objectMode: false });
  const hangUp = (): void => {
    stream.destroy();
    reply.raw.destroy();
  };
  signal.addEventListener('abort', hangUp, { once: true });
  reply.raw.setTimeout(STALLED_MS, hangUp);
  stream.once('error', report).once('close', () => void body.close().catch(report));
  return reply.code(status).headers(headers).send(stream);
}
