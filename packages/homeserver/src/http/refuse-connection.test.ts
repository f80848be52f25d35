import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp, defineRoute } from './index.ts';
import type { AppOptions } from './index.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** Where an application listens that has one endpoint. */
async function listen(options: Pick<AppOptions, 'maxConnections'> = {}): Promise<number> {
  const path = '/_matrix/client/versions';
  const versions = defineRoute({ method: 'GET', path, auth: 'none', handler: async () => ({}) });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  app = createApp({ routes: [versions], authenticators: {}, log, ...options });
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  return socket;
}

describe('what is no HTTP request', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'not valid HTTP'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'not valid HTTP',
    ],
    [
      'too long a header',
      `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers of the request are too large',
    ],
  ])('is refused as an endpoint would refuse it: %s', async (_what, request, status, message) => {
    const socket = await open(await listen());
    socket.write(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .+`));
    expect(head).toContain('access-control-allow-origin: *');
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body)).toEqual({
      errcode: 'M_UNKNOWN',
      error: expect.stringContaining(message) as unknown,
    });
  });
});

describe('a listener', () => {
  it('takes so many connections at a time, and the next once one has ended', async () => {
    const port = await listen({ maxConnections: 1 });
    const first = await open(port);
    const dropped = await open(port);
    expect(await text(dropped)).toBe('');
    first.end();
    await once(first.resume(), 'close');
    const next = await open(port);
    next.end('GET /_matrix/client/versions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(next)).toMatch(/^HTTP\/1.1 200 /);
  });
});
