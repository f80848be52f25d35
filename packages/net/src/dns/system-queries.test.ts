import { TestDns } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemEffects } from '../system-effects.ts';
import type { DnsQueries } from './dns-queries.ts';
import { systemQueries } from './system-queries.ts';

const { timers } = systemEffects();

let dns: TestDns;
let queries: DnsQueries;

beforeAll(async () => {
  dns = await TestDns.start({
    'a.test': [
      { type: 'A', data: '192.0.2.7', ttl: 300 },
      { type: 'A', data: '192.0.2.8', ttl: 30 },
      { type: 'AAAA', data: '2001:db8::7', ttl: 600 },
    ],
    'alias.test': [{ type: 'CNAME', data: 'a.test' }],
    'v6.test': [{ type: 'AAAA', data: '2001:db8::7' }],
    'half.test': [
      { type: 'A', data: '192.0.2.7' },
      { type: 'drop', data: 'AAAA' },
    ],
    'empty.test': [],
    'silent.test': 'silent',
    'broken.test': 'servfail',
    'closed.test': 'refused',
    '_x._tcp.a.test': [
      { type: 'SRV', data: { target: 'b.test', port: 443, priority: 1, weight: 2 } },
    ],
    '_x._tcp.none.test': [{ type: 'SRV', data: { target: '.', port: 0 } }],
  });
  queries = systemQueries({ servers: [dns.server], timeoutMs: 100, timers });
});

afterAll(async () => {
  await dns[Symbol.asyncDispose]();
});

describe('questions to DNS', () => {
  it('bring addresses of both families by turns, for the shortest of their times', async () => {
    expect(await queries.queryAddresses('a.test')).toEqual({
      records: ['2001:db8::7', '192.0.2.7', '192.0.2.8'],
      ttlS: 30,
    });
  });

  it('bring those that an alias leads to', async () => {
    const { records } = await queries.queryAddresses('alias.test');
    expect(records).toContain('192.0.2.7');
  });

  it('bring those of one family alone', async () => {
    expect((await queries.queryAddresses('v6.test')).records).toEqual(['2001:db8::7']);
  });

  it('wait no longer than a second for one family when the other is there', async () => {
    const waits: number[] = [];
    const quick = systemQueries({
      servers: [dns.server],
      // Longer than the test may take.
      timeoutMs: 60_000,
      timers: {
        after: (delayMs, callback) => {
          waits.push(delayMs);
          return timers.after(0, callback);
        },
      },
    });
    expect((await quick.queryAddresses('half.test')).records).toEqual(['192.0.2.7']);
    expect(waits).toEqual([1_000]);
  });

  it('bring services', async () => {
    const { records } = await queries.queryServices('_x._tcp.a.test');
    expect(records).toEqual([{ target: 'b.test', port: 443, priority: 1, weight: 2 }]);
  });

  it('tell that a service is not offered', async () => {
    const { records } = await queries.queryServices('_x._tcp.none.test');
    expect(records).toEqual([{ target: '', port: 0, priority: 0, weight: 0 }]);
  });

  it.each([
    ['nobody.test', 'nothing', 'no records'],
    ['empty.test', 'nothing', 'no records'],
    ['broken.test', 'failed', 'DNS failed, ESERVFAIL'],
    ['closed.test', 'failed', 'DNS failed, EREFUSED'],
    ['silent.test', 'silent', 'DNS does not answer'],
  ])('tell apart why there is nothing for %s: %s', async (name, kind, message) => {
    const expected = { name: 'DnsError', kind, message };
    await expect(queries.queryAddresses(name)).rejects.toMatchObject(expected);
    await expect(queries.queryServices(name)).rejects.toMatchObject(expected);
  });

  it.each(['localhost', 'a.localhost'])('ask nobody about %s', async (host) => {
    expect((await queries.queryAddresses(host)).records).toEqual(['::1', '127.0.0.1']);
    expect(dns.asked.filter((asked) => asked.endsWith(host))).toEqual([]);
  });

  it.each(['2130706433', '0x7f.1', '127.1', '127.0.0.1.'])(
    'take %s for the name that it is not, and for no address',
    async (host) => {
      await expect(queries.queryAddresses(host)).rejects.toThrow('in disguise');
    },
  );

  it('are kept from no name by names that nobody answers for', async () => {
    const silent = Array.from({ length: 40 }, () => queries.queryAddresses('silent.test'));
    const failures = Promise.allSettled(silent);
    expect((await queries.queryAddresses('a.test')).records).toContain('192.0.2.7');
    const [first] = await failures;
    expect(first).toMatchObject({ status: 'rejected', reason: { kind: 'silent' } });
  });
});
