import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, Loopback, tell } from './testing/loopback.ts';

let loopback: Loopback;

beforeAll(async () => {
  loopback = await Loopback.start(['a.test', 'b.test', '127.0.0.1']);
});

afterAll(async () => {
  await loopback[Symbol.asyncDispose]();
});

/** Where a connection stands and nothing is said, not even of TLS. */
async function silentPort() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const connected = once(server, 'connection');
  return { port: (server.address() as AddressInfo).port, connected, close };
}

describe('a silent server', () => {
  it('keeps no connections from others', async () => {
    const silent = await loopback.serve(() => {});
    const { port } = await loopback.serve(tell);
    const transport = loopback.transport();
    const giveUp = new AbortController();
    const asked = Array.from({ length: 250 }, () =>
      get(transport, `a.test:${silent.port}`, { signal: giveUp.signal }).catch(() => 'nothing'),
    );
    expect((await get(transport, `b.test:${port}`)).status).toBe(200);
    giveUp.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['nothing']));
  });

  it('delays none that answers, however many there are', async () => {
    const silent = await silentPort();
    const { port } = await loopback.serve(tell);
    const transport = loopback.transport();
    expect((await get(transport, `b.test:${port}`)).status).toBe(200);
    const giveUp = new AbortController();
    const asked = Array.from({ length: 300 }, (_, at) =>
      get(transport, `s${at}.test:${silent.port}`, { signal: giveUp.signal }).catch(
        () => 'nothing',
      ),
    );
    await silent.connected;
    // Less than it takes to find out that a server is silent.
    const limits = { maxBytes: 10_000, timeoutMs: 5_000 };
    expect((await get(transport, `b.test:${port}`, { limits })).status).toBe(200);
    giveUp.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['nothing']));
    silent.close();
  });
});
