import type { FastifyReply } from 'fastify';
import { Answer } from './answer.ts';
import type { JsonBody } from './answer.ts';

export function sendAnswer(reply: FastifyReply, answer: Answer | JsonBody): FastifyReply {
  const { status, body, headers } = answer instanceof Answer ? answer : new Answer(200, answer);
  return reply
    .code(status)
    .headers(headers)
    .header('content-type', 'application/json')
    .send(JSON.stringify(body));
}
