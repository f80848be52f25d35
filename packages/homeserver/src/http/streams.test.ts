import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { tooLarge, unknownToken } from '../matrix-error.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp, defineRoute, StreamAnswer, type Route } from './index.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  problems.length = 0;
  for (const close of closing.splice(0)) await close();
});

/** What an operator would see. */
const problems: string[] = [];
const note = (fields: object, message: string): void => {
  problems.push(`${message}: ${String((fields as { readonly err?: unknown }).err)}`);
};

/** The port of an app with this route. */
async function serve(route: Route): Promise<number> {
  const app = createApp({
    routes: [route],
    authenticators: { token: () => Promise.reject(unknownToken()) },
    log: { debug: note, info: note, warn: note, error: note },
  });
  closing.push(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

const upload = (
  auth: 'none' | 'token',
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<object>,
) =>
  defineRoute({
    method: 'POST',
    path: '/upload',
    auth,
    upload: true,
    handler: async ({ upload: { bytes, contentType, declaredBytes } }) => ({
      contentType,
      declaredBytes,
      ...(await read(bytes)),
    }),
  });

const count = async (bytes: AsyncIterable<Uint8Array>) => {
  let sizeBytes = 0;
  for await (const chunk of bytes) sizeBytes += chunk.byteLength;
  return { sizeBytes };
};

it.each(['image/png; x=y', 'application/json', 'no type', undefined])(
  'gives an upload to its handler as it came, of type %s',
  async (contentType) => {
    const port = await serve(upload('none', count));
    const body = new Uint8Array(3 * 1024 * 1024);
    const headers: Record<string, string> =
      contentType === undefined ? {} : { 'content-type': contentType };
    const answer = await fetch(`http://127.0.0.1:${port}/upload`, {
      method: 'POST',
      headers,
      body,
    });
    const sizeBytes = body.byteLength;
    expect(await answer.json()).toEqual({ contentType, declaredBytes: sizeBytes, sizeBytes });
  },
);

it('shows an upload to its handler before it has ended', async () => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const port = await serve(
    upload('none', async (bytes) => {
      const chunks: string[] = [];
      for await (const chunk of bytes) {
        chunks.push(Buffer.from(chunk).toString());
        resolve();
      }
      return { text: chunks.join('') };
    }),
  );
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 4\r\n\r\nab',
  );
  await begun;
  socket.write('cd');
  const answer: Buffer[] = [];
  for await (const chunk of socket) answer.push(chunk as Buffer);
  expect(Buffer.concat(answer).toString()).toContain('"text":"abcd"');
});

it('[SEC-35] refuses the upload of nobody before it is read', async () => {
  const port = await serve(upload('token', count));
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\nab');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('401 Unauthorized');
  socket.destroy();
});

it('says what is wrong with an upload that is not read, and takes calls on the same connection', async () => {
  const refuses = upload('none', async (bytes) => {
    for await (const _chunk of bytes) throw tooLarge('Too much.');
    throw tooLarge('Nothing is too much.');
  });
  const port = await serve(refuses);
  const send = (body: Uint8Array<ArrayBuffer>) =>
    fetch(`http://127.0.0.1:${port}/upload`, { method: 'POST', body });
  for (const sizeBytes of [30 * 1024 * 1024, 0, 30 * 1024 * 1024]) {
    const answer = await send(new Uint8Array(sizeBytes));
    expect([answer.status, await answer.json()]).toMatchObject([413, { errcode: 'M_TOO_LARGE' }]);
  }
});

it('tells the handler where an upload breaks off', async () => {
  const { promise: failure, resolve } = Promise.withResolvers<unknown>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const port = await serve(
    upload('none', async (bytes) => {
      try {
        for await (const _chunk of bytes) begin();
        resolve(undefined);
      } catch (error) {
        resolve(error);
        throw error;
      }
      return {};
    }),
  );
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab');
  await begun;
  socket.destroy();
  expect(await failure).toBeInstanceOf(Error);
});

it('sends a stream with its headers, and closes it when the caller hangs up', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(64 * 1024);
  }
  const port = await serve(
    defineRoute({
      method: 'GET',
      path: '/stream',
      auth: 'none',
      handler: async ({ range }) =>
        new StreamAnswer(
          { bytes: endless(), close: async () => resolve() },
          { 'content-type': 'x/y', 'x-range': range ?? '' },
          206,
        ),
    }),
  );
  const stop = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${port}/stream`, {
    signal: stop.signal,
    headers: { range: 'bytes=1-' },
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([206, 'x/y']);
  expect(answer.headers.get('x-range')).toBe('bytes=1-');
  await answer.body?.getReader().read();
  stop.abort();
  await closed;
  expect(problems).toEqual([]);
});

it('hangs up where a stream fails in the middle, and says so in the log', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw new Error('the disk is gone');
  }
  const body = { bytes: broken(), close: async () => resolve() };
  const port = await serve(
    defineRoute({
      method: 'GET',
      path: '/stream',
      auth: 'none',
      handler: async () => new StreamAnswer(body, { 'content-length': '20' }),
    }),
  );
  const answer = await fetch(`http://127.0.0.1:${port}/stream`);
  await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
  await closed;
  expect(problems).toEqual(['an answer broke off: Error: the disk is gone']);
});

describe('a stop waits', () => {
  it('for no upload that does not end', async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const port = await serve(
      upload('none', async (bytes) => {
        for await (const _chunk of bytes) resolve();
        return {};
      }),
    );
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const gone = once(socket, 'close');
    socket.write('POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab');
    await begun;
    for (const close of closing.splice(0)) await close();
    await gone;
  });

  it('for no download that nobody takes', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const { promise: full, resolve: fill } = Promise.withResolvers<void>();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let chunks = 0; ; chunks += 1) {
        if (chunks > 20) fill();
        yield new Uint8Array(64 * 1024);
      }
    }
    const body = { bytes: endless(), close: async () => resolve() };
    const port = await serve(
      defineRoute({
        method: 'GET',
        path: '/stream',
        auth: 'none',
        handler: async () => new StreamAnswer(body, {}),
      }),
    );
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n');
    await full;
    for (const close of closing.splice(0)) await close();
    await closed;
    socket.destroy();
  });
});
