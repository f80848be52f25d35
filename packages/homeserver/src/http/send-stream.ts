import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { StreamAnswer } from './answer.ts';
import type { ErrorContext } from './error-response.ts';

/** What fails in the middle can only be hung up on: the status is out already. */
export function sendStream(
  reply: FastifyReply,
  { status, headers, body }: StreamAnswer,
  { log, requestId }: ErrorContext,
): FastifyReply {
  const report = (err: unknown): void => {
    log.error({ err, requestId }, 'an answer broke off');
  };
  const stream = Readable.from(body.bytes, { objectMode: false });
  stream.once('error', report).once('close', () => void body.close().catch(report));
  return reply.code(status).headers(headers).send(stream);
}
