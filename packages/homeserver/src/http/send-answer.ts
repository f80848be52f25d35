import type { FastifyReply } from 'fastify';
import { Answer } from './answer.ts';
import type { JsonBody } from './answer.ts';

/** What a browser is to make of an answer that somebody opens as a page: nothing, in no frame. */
const NO_PAGE = {
  'content-type': 'application/json',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

export function sendAnswer(reply: FastifyReply, answer: Answer | JsonBody): FastifyReply {
  const { status, body, headers } = answer instanceof Answer ? answer : new Answer(200, answer);
  return reply.code(status).headers(headers).headers(NO_PAGE).send(JSON.stringify(body));
}
