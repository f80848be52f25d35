import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemResolver } from './resolver.ts';
import type { Resolver } from './resolver.ts';
import { startTinyDns } from './testing/tiny-dns.ts';

let dns: Awaited<ReturnType<typeof startTinyDns>>;
let resolver: Resolver;

beforeAll(async () => {
  dns = await startTinyDns({ 'a.test': '192.0.2.7' }, ['silent.test']);
  resolver = systemResolver({ servers: [dns.server], timeoutMs: 100 });
});

afterAll(() => {
  dns.stop();
});

describe('the resolver', () => {
  it('asks DNS', async () => {
    expect(await resolver.resolveAddresses('a.test')).toEqual(['192.0.2.7']);
  });

  it.each(['localhost', 'a.localhost'])('asks nobody about %s', async (host) => {
    expect(await resolver.resolveAddresses(host)).toEqual(['::1', '127.0.0.1']);
  });

  it.each(['2130706433', '0x7f.1', '127.1', '127.0.0.1.'])(
    'takes %s for the name that it is not, and for no address',
    async (host) => {
      await expect(resolver.resolveAddresses(host)).rejects.toThrow('in disguise');
    },
  );

  it('is kept from no name by names that nobody answers for', async () => {
    const silent = Array.from({ length: 40 }, () => resolver.resolveAddresses('silent.test'));
    const failures = Promise.allSettled(silent);
    expect(await resolver.resolveAddresses('a.test')).toEqual(['192.0.2.7']);
    const [first] = await failures;
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'ETIMEOUT' } });
  });
});
