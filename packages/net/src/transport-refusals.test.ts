import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.ts';
import { fetchWellKnown } from './discovery/fetch-well-known.ts';
import type { Exchange } from './discovery/fetch-well-known.ts';
import { GuardedConnector, trustOf } from './guarded-connector.ts';
import { HttpsClient } from './https-client.ts';
import { openTls } from './open-tls.ts';
import { RemoteServerError } from './remote-server-error.ts';
import { systemEffects } from './system-effects.ts';
import { get, Loopback, resolverTo, tell } from './testing/loopback.ts';

let loopback: Loopback;

beforeAll(async () => {
  loopback = await Loopback.start(['a.test', 'b.test', '127.0.0.1']);
});

afterAll(async () => {
  await loopback[Symbol.asyncDispose]();
});

describe('what the transport refuses', () => {
  async function failure(answer: Promise<unknown>): Promise<RemoteServerError> {
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteServerError);
    return error as RemoteServerError;
  }

  it('a certificate for another name', async () => {
    const { port } = await loopback.serve(tell, await loopback.ca.issue(['other.test']));
    const error = await failure(get(loopback.transport(), `a.test:${port}`));
    expect(error).toMatchObject({ reachable: false, transient: true });
    expect(error.message).toBe(
      `a.test:${port}: cannot connect to a.test, port ${port}: its certificate is not for a.test`,
    );
    expect((error.cause as Error).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('a certificate for the name that a delegation started from', async () => {
    const { port } = await loopback.serve(tell, await loopback.ca.issue(['a.test']));
    const { port: wellKnownPort } = await loopback.serve((_request, response) => {
      response.end(JSON.stringify({ 'm.server': `b.test:${port}` }));
    });
    const error = await failure(get(loopback.transport({ wellKnownPort }), 'a.test'));
    expect((error.cause as Error).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('an authority that nobody told it of', async () => {
    const { port } = await loopback.serve(tell);
    const error = await failure(get(loopback.transport({ authorities: [] }), `a.test:${port}`));
    expect((error.cause as Error).cause).toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    expect(error.message).toContain('see "federation.certificateAuthorities"');
  });

  it('a server that speaks no TLS', async () => {
    const plain = createPlainServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const error = await failure(get(loopback.transport(), `a.test:${port}`));
    plain.close();
    expect(error.message).toMatch(/: it does not speak TLS there; is it the clients' port\?$/);
  });

  it('a port where nobody listens', async () => {
    const port = await freePort();
    const error = await failure(get(loopback.transport(), `a.test:${port}`));
    expect(error.message).toMatch(/: nothing listens there$/);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[::ffff:127.0.0.1]', '::1'],
    // What the operating system makes of decimal, octal and hexadecimal forms.
    ['2130706433', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['a.test', '10.0.0.1'],
    ['a.test', '::ffff:169.254.169.254'],
  ])('[SEC-37] to connect to %s at %s', async (host, address) => {
    let connections = 0;
    const { server, port } = await loopback.serve(tell);
    server.on('connection', () => void (connections += 1));
    const resolver = resolverTo(address);
    const error = await failure(
      get(loopback.transport({ allowedRanges: [], resolver }), `${host}:${port}`),
    );
    expect(error).toMatchObject({ reachable: false, transient: false });
    expect(connections).toBe(0);
  });

  it('connects to the public one of several addresses only', async () => {
    const { port } = await loopback.serve(tell);
    const resolver = resolverTo('127.0.0.9', '127.0.0.1');
    const transport = loopback.transport({ allowedRanges: ['127.0.0.1/32'], resolver });
    expect((await get(transport, `a.test:${port}`)).status).toBe(200);
  });

  it.each([
    'https://127.0.0.9/',
    'https://inside.test/',
    'https://[::ffff:7f00:9]/',
    'https://0x7f000009/',
  ])('[SEC-37] a redirect of well-known to %s', async (location) => {
    const { port } = await loopback.serve((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    const { clock, timers, random } = systemEffects();
    const connector = new GuardedConnector({
      resolver: {
        resolveAddresses: async (host) => [host === 'a.test' ? '127.0.0.1' : '127.0.0.9'],
      },
      guard: createAddressGuard(['127.0.0.1/32']),
      trust: trustOf([loopback.ca.certificate]),
      timers,
      random,
      open: openTls,
    });
    const https = new HttpsClient({ connector, timers });
    loopback.closeAtEnd(https);
    const exchange: Exchange = (endpoint, request) => https.exchange(endpoint, request);
    await expect(fetchWellKnown({ exchange, clock }, 'a.test', port)).rejects.toMatchObject({
      kind: 'blocked',
    });
  });

  it('[SEC-35] more bytes than it was told to take', async () => {
    const { port } = await loopback.serve(
      (_request, response) => void response.end('x'.repeat(20_000)),
    );
    const error = await failure(get(loopback.transport(), `a.test:${port}`));
    expect(error).toMatchObject({ reachable: true, transient: false });
  });

  it('to wait longer than it was told to', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { port } = await loopback.serve(() => resolve());
    const effects = systemEffects();
    const { timers } = effects;
    const due: (() => void)[] = [];
    const manual = {
      ...timers,
      after: (_ms: number, callback: () => void) => (due.push(callback), () => {}),
    };
    const answer = failure(
      get(loopback.transport({ effects: { ...effects, timers: manual } }), `a.test:${port}`),
    );
    await asked;
    for (const callback of due) callback();
    expect(await answer).toMatchObject({ reachable: false, transient: true });
  });

  it('[SEC-38] to read all of a huge file that a well-known redirects to', async () => {
    const { promise: cutOff, resolve } = Promise.withResolvers<number>();
    let sentBytes = 0;
    const { port: wellKnownPort } = await loopback.serve((request, response) => {
      if (request.url === '/.well-known/matrix/server') {
        response.writeHead(302, { location: '/huge' }).end();
        return;
      }
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const send = (): void => {
        while (response.write(chunk)) sentBytes += chunk.length;
        sentBytes += chunk.length;
      };
      response.on('drain', send).on('close', () => resolve(sentBytes));
      send();
    });
    const transport = loopback.transport({ wellKnownPort, defaultPort: await freePort() });
    const error = await failure(get(transport, 'a.test'));
    expect(error.search[0]).toMatch(/names nobody: more than 51200 bytes$/);
    // What the buffers of both sides take, and not the gigabytes that would follow.
    expect(await cutOff).toBeLessThan(32 * 1024 * 1024);
  });

  it('a server that is not there', async () => {
    const error = await failure(get(loopback.transport(), `a.test:${await freePort()}`));
    expect(error).toMatchObject({ server: expect.stringMatching(/^a\.test/), transient: true });
  });

  it('to go on when its caller gives up', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { port } = await loopback.serve(() => resolve());
    const giveUp = new AbortController();
    const answer = get(loopback.transport(), `a.test:${port}`, { signal: giveUp.signal });
    await asked;
    giveUp.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
