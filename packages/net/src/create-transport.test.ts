import { once } from 'node:events';
import { createServer } from 'node:https';
import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerName } from '@hansa/protocol';
import { freePort, TestCa } from '@hansa/testkit';
import type { TlsIdentity } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.ts';
import { createTransport } from './create-transport.ts';
import type { TransportOptions } from './create-transport.ts';
import { fetchWellKnown } from './discovery/fetch-well-known.ts';
import type { Exchange } from './discovery/fetch-well-known.ts';
import { DnsError } from './dns/dns-error.ts';
import type { Resolver } from './dns/resolver.ts';
import { GuardedConnector, trustOf } from './guarded-connector.ts';
import { HttpsClient } from './https-client.ts';
import { openTls } from './open-tls.ts';
import { RemoteServerError } from './remote-server-error.ts';
import { systemEffects } from './system-effects.ts';
import type { IncomingAnswer, OutgoingRequest, Transport } from './transport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Of all names the same addresses, and no services. */
function resolverTo(...addresses: readonly string[]): Resolver {
  return {
    resolveAddresses: async () => addresses,
    resolveServices: async () => {
      throw new DnsError('nothing', 'no records');
    },
  };
}

let ca: TestCa;
let identity: TlsIdentity;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  ca = await TestCa.create();
  identity = await ca.issue(['a.test', 'b.test', '127.0.0.1']);
});

afterAll(async () => {
  for (const each of running) await each.stop();
});

async function serve(handler: Handler, tls: TlsIdentity = identity, port = 0) {
  const server = createServer({ key: tls.key, cert: tls.cert }, handler).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  running.push({ stop });
  return { server, stop, port: (server.address() as AddressInfo).port };
}

function transportWith(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({
    effects: systemEffects(),
    authorities: [ca.certificate],
    allowedRanges: LOOPBACK,
    resolver: resolverTo('127.0.0.1'),
    ...options,
  });
  running.push({ stop: () => transport.close() });
  return transport;
}

async function get(transport: Transport, server: string, more: Partial<OutgoingRequest> = {}) {
  return await transport.request({
    server: server as ServerName,
    method: 'GET',
    path: '/x',
    headers: {},
    limits: { maxBytes: 10_000, timeoutMs: 10_000 },
    ...more,
  });
}

/** Server name, SNI and Host as the server saw them. */
const tell: Handler = (request, response) => {
  const { servername } = request.socket as TLSSocket & { servername: unknown };
  response.end(JSON.stringify({ sni: servername, host: request.headers.host, url: request.url }));
};

const text = ({ body }: IncomingAnswer) => Buffer.from(body).toString();

describe('the transport', () => {
  it('sends the path as it is, with SNI and Host of the name', async () => {
    const { port } = await serve(tell);
    const path = '/_matrix/%2F%2f+%20!*?a=%7E&a=b&c';
    const answer = await get(transportWith(), `a.test:${port}`, { path });
    expect(JSON.parse(text(answer))).toEqual({ sni: 'a.test', host: `a.test:${port}`, url: path });
  });

  it('sends no SNI for an address, and wants its certificate', async () => {
    const { port } = await serve(tell);
    const answer = await get(transportWith(), `127.0.0.1:${port}`);
    expect(JSON.parse(text(answer))).toMatchObject({ sni: false, host: `127.0.0.1:${port}` });
  });

  it('connects where the configuration says, under the name of the server', async () => {
    const { port } = await serve(tell);
    const staticHosts = new Map([['a.test' as ServerName, { host: '127.0.0.1', port }]]);
    const answer = await get(transportWith({ staticHosts }), 'a.test');
    expect(JSON.parse(text(answer))).toMatchObject({ sni: 'a.test', host: 'a.test' });
  });

  it('keeps its connections', async () => {
    const { server, port } = await serve(tell);
    let connections = 0;
    server.on('secureConnection', () => void (connections += 1));
    const transport = transportWith();
    for (let request = 0; request < 12; request += 1) await get(transport, `a.test:${port}`);
    // A second one may be opened while the first is not yet known to be free again.
    expect(connections).toBeLessThan(4);
  });

  it('follows a delegation, and its redirect, to the server that answers', async () => {
    const { port } = await serve(tell);
    const { port: wellKnownPort } = await serve((request, response) => {
      if (request.url === '/.well-known/matrix/server') {
        response.writeHead(302, { location: '/elsewhere' }).end();
      } else response.end(JSON.stringify({ 'm.server': `b.test:${port}` }));
    });
    const answer = await get(transportWith({ wellKnownPort }), 'a.test');
    expect(JSON.parse(text(answer))).toMatchObject({ sni: 'b.test', host: `b.test:${port}` });
  });

  it.each([[404], [500]])('answers with what the server answered: %i', async (status) => {
    const { port } = await serve((_request, response) => {
      response.writeHead(status, { 'x-a': 'b' }).end('no');
    });
    const answer = await get(transportWith(), `a.test:${port}`);
    expect([answer.status, answer.headers.get('x-a'), text(answer)]).toEqual([status, 'b', 'no']);
  });

  it('sends a body', async () => {
    const { port } = await serve((request, response) => void request.pipe(response));
    const answer = await get(transportWith(), `a.test:${port}`, {
      method: 'PUT',
      body: '{"a":"é"}',
    });
    expect(text(answer)).toBe('{"a":"é"}');
  });
});

describe('what the transport refuses', () => {
  async function failure(answer: Promise<unknown>): Promise<RemoteServerError> {
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteServerError);
    return error as RemoteServerError;
  }

  it('a certificate for another name', async () => {
    const { port } = await serve(tell, await ca.issue(['other.test']));
    const error = await failure(get(transportWith(), `a.test:${port}`));
    expect(error).toMatchObject({ reachable: false, transient: true });
    expect(error.message).toBe(
      `a.test:${port}: cannot connect to a.test, port ${port}: its certificate is not for a.test`,
    );
    expect((error.cause as Error).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('a certificate for the name that a delegation started from', async () => {
    const { port } = await serve(tell, await ca.issue(['a.test']));
    const { port: wellKnownPort } = await serve((_request, response) => {
      response.end(JSON.stringify({ 'm.server': `b.test:${port}` }));
    });
    const error = await failure(get(transportWith({ wellKnownPort }), 'a.test'));
    expect((error.cause as Error).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('an authority that nobody told it of', async () => {
    const { port } = await serve(tell);
    const error = await failure(get(transportWith({ authorities: [] }), `a.test:${port}`));
    expect((error.cause as Error).cause).toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    expect(error.message).toContain('see "federation.certificateAuthorities"');
  });

  it('a server that speaks no TLS', async () => {
    const plain = createPlainServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const error = await failure(get(transportWith(), `a.test:${port}`));
    plain.close();
    expect(error.message).toMatch(/: it does not speak TLS there; is it the clients' port\?$/);
  });

  it('a port where nobody listens', async () => {
    const port = await freePort();
    const error = await failure(get(transportWith(), `a.test:${port}`));
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
    const { server, port } = await serve(tell);
    server.on('connection', () => void (connections += 1));
    const resolver = resolverTo(address);
    const error = await failure(
      get(transportWith({ allowedRanges: [], resolver }), `${host}:${port}`),
    );
    expect(error).toMatchObject({ reachable: false, transient: false });
    expect(connections).toBe(0);
  });

  it('connects to the public one of several addresses only', async () => {
    const { port } = await serve(tell);
    const resolver = resolverTo('127.0.0.9', '127.0.0.1');
    const transport = transportWith({ allowedRanges: ['127.0.0.1/32'], resolver });
    expect((await get(transport, `a.test:${port}`)).status).toBe(200);
  });

  it.each([
    'https://127.0.0.9/',
    'https://inside.test/',
    'https://[::ffff:7f00:9]/',
    'https://0x7f000009/',
  ])('[SEC-37] a redirect of well-known to %s', async (location) => {
    const { port } = await serve((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    const { clock, timers, random } = systemEffects();
    const connector = new GuardedConnector({
      resolver: {
        resolveAddresses: async (host) => [host === 'a.test' ? '127.0.0.1' : '127.0.0.9'],
      },
      guard: createAddressGuard(['127.0.0.1/32']),
      trust: trustOf([ca.certificate]),
      timers,
      random,
      open: openTls,
    });
    const https = new HttpsClient({ connector, timers });
    running.push({ stop: () => https.close() });
    const exchange: Exchange = (endpoint, request) => https.exchange(endpoint, request);
    await expect(fetchWellKnown({ exchange, clock }, 'a.test', port)).rejects.toMatchObject({
      kind: 'blocked',
    });
  });

  it('more bytes than it was told to take', async () => {
    const { port } = await serve((_request, response) => void response.end('x'.repeat(20_000)));
    const error = await failure(get(transportWith(), `a.test:${port}`));
    expect(error).toMatchObject({ reachable: true, transient: false });
  });

  it('to wait longer than it was told to', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { port } = await serve(() => resolve());
    const effects = systemEffects();
    const { timers } = effects;
    const due: (() => void)[] = [];
    const manual = {
      ...timers,
      after: (_ms: number, callback: () => void) => (due.push(callback), () => {}),
    };
    const answer = failure(
      get(transportWith({ effects: { ...effects, timers: manual } }), `a.test:${port}`),
    );
    await asked;
    for (const callback of due) callback();
    expect(await answer).toMatchObject({ reachable: false, transient: true });
  });

  it('to let a silent server keep the connections of others', async () => {
    const silent = await serve(() => {});
    const { port } = await serve(tell);
    const transport = transportWith();
    const giveUp = new AbortController();
    const asked = Array.from({ length: 250 }, () =>
      get(transport, `a.test:${silent.port}`, { signal: giveUp.signal }).catch(() => 'nothing'),
    );
    expect((await get(transport, `b.test:${port}`)).status).toBe(200);
    giveUp.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['nothing']));
  });

  it('a server that is not there', async () => {
    const error = await failure(get(transportWith(), `a.test:${await freePort()}`));
    expect(error).toMatchObject({ server: expect.stringMatching(/^a\.test/), transient: true });
  });

  it('to go on when its caller gives up', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { port } = await serve(() => resolve());
    const giveUp = new AbortController();
    const answer = get(transportWith(), `a.test:${port}`, { signal: giveUp.signal });
    await asked;
    giveUp.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
