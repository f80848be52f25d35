import { describe, expect, it } from 'vitest';
import { createApp, defineRoute } from './index.ts';

/** Whom an application takes for the caller of a request that comes by a proxy at 10.0.0.1. */
async function callerOf(forwardedFor: string, trustedProxies?: readonly string[]): Promise<string> {
  const route = defineRoute({
    method: 'GET',
    path: '/caller',
    auth: 'none',
    handler: async ({ remoteAddress }) => ({ remoteAddress }),
  });
  const app = createApp({
    routes: [route],
    authenticators: {},
    log: { debug() {}, info() {}, warn() {}, error() {} },
    trustedProxies,
  });
  const headers = { 'x-forwarded-for': forwardedFor };
  const answer = await app.inject({ url: '/caller', headers, remoteAddress: '10.0.0.1' });
  return answer.json<{ remoteAddress: string }>().remoteAddress;
}

describe('who is calling', () => {
  it('is who connects, whatever they say', async () => {
    expect(await callerOf('203.0.113.7')).toBe('10.0.0.1');
    expect(await callerOf('203.0.113.7', ['10.0.0.2/32'])).toBe('10.0.0.1');
  });

  it('is said by a proxy that is trusted', async () => {
    expect(await callerOf('203.0.113.7', ['10.0.0.0/24'])).toBe('203.0.113.7');
    expect(await callerOf('2001:db8::7', ['10.0.0.1/32'])).toBe('2001:db8::7');
  });

  it('is the last whom a trusted proxy names: what stands before, the caller may have made up', async () => {
    expect(await callerOf('198.51.100.1, 203.0.113.7', ['10.0.0.1/32'])).toBe('203.0.113.7');
  });
});
