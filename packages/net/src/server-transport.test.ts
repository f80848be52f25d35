import type { ServerName } from '@hansa/protocol';
import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { soleTarget } from './endpoint.ts';
import { HttpsError } from './https-error.ts';
import { ServerTransport } from './server-transport.ts';

const REQUEST = {
  server: 'a.test' as ServerName,
  method: 'GET',
  path: '/',
  headers: {},
  limits: { maxBytes: 1, timeoutMs: 1 },
} as const;
const STEPS = ['https://a.test/.well-known/matrix/server names nobody: x', 'so a.test, port 8448'];
const ENDPOINT = { targets: [soleTarget('a.test', 8448)], tlsName: 'a.test', hostHeader: 'a.test' };

const unreachable = async () => {
  throw new HttpsError('unreachable', 'nothing listens there');
};
const client = { exchange: unreachable, receive: unreachable, close: async () => {} };
const ports = { https: client, streams: client, clock: new VirtualEffects().clock };

describe('what went wrong on the way to a server', () => {
  it('is told with the steps that led there', async () => {
    const discovery = { discover: async () => ({ endpoint: ENDPOINT, steps: STEPS }) };
    await expect(
      new ServerTransport({ ...ports, discovery }).request(REQUEST),
    ).rejects.toMatchObject({
      message: 'a.test: nothing listens there',
      reachable: false,
      transient: true,
      search: STEPS,
    });
  });

  it('is told where no step leads anywhere', async () => {
    const steps = ['SRV _matrix-fed._tcp.a.test: federation is not offered'];
    const discovery = { discover: async () => ({ endpoint: undefined, steps }) };
    await expect(
      new ServerTransport({ ...ports, discovery }).request(REQUEST),
    ).rejects.toMatchObject({
      message: `a.test: ${steps[0]}`,
      reachable: false,
      transient: true,
    });
  });

  it('is nothing that who gives up waits for', async () => {
    const discovery = { discover: () => Promise.withResolvers<never>().promise };
    const giveUp = new AbortController();
    const asked = new ServerTransport({ ...ports, discovery }).request({
      ...REQUEST,
      signal: giveUp.signal,
    });
    giveUp.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
