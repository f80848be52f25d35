import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp, defineRoute } from './index.ts';

let app: FastifyInstance;
let origin: URL;
beforeAll(async () => {
  const path = '/_matrix/client/versions';
  const versions = defineRoute({ method: 'GET', path, auth: 'none', handler: async () => ({}) });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  app = createApp({ routes: [versions], authenticators: {}, log });
  origin = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => app.close());

async function get(path: string): Promise<readonly [number | undefined, unknown]> {
  const asked = request({ host: origin.hostname, port: origin.port, path }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return [answer.statusCode, await json(answer)];
}

it('answers what is asked of itself', async () => {
  expect(await get('/_matrix/client/versions')).toEqual([200, {}]);
});

it.each([
  'http://127.0.0.1/_matrix/client/versions',
  'https://other.example/_matrix/client/versions',
])('[SEC-39] passes on nothing that is asked of others: %s', async (url) => {
  expect(await get(url)).toEqual([400, expect.objectContaining({ errcode: 'M_UNRECOGNIZED' })]);
});

it('[SEC-39] opens no tunnel', async () => {
  const path = 'other.example:443';
  const asked = request({ host: origin.hostname, port: origin.port, method: 'CONNECT', path });
  asked.end();
  const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});
