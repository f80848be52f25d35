import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../endpoint.ts';
import type { HttpsRequest } from '../https-client.ts';
import { HttpsError } from '../https-error.ts';
import { WellKnown } from './well-known.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Reply = readonly [status: number, headers: Record<string, string>, body: string];

const delegate = (name: string, headers: Record<string, string> = {}): Reply => [
  200,
  headers,
  JSON.stringify({ 'm.server': name }),
];
const redirect = (location: string): Reply => [302, { location }, ''];

/** Answers by URL; a function is called, anything unknown is unreachable. */
function web(replies: Record<string, Reply | (() => Reply)>) {
  const asked: string[] = [];
  const effects = new VirtualEffects();
  const exchange = async (endpoint: Endpoint, request: HttpsRequest) => {
    const url = `https://${endpoint.hostHeader}${request.path}`;
    asked.push(url);
    const reply = replies[url];
    if (reply === undefined) throw new HttpsError('unreachable', 'nobody there');
    const [status, headers, body] = typeof reply === 'function' ? reply() : reply;
    return { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
  };
  return { asked, effects, wellKnown: new WellKnown({ clock: effects.clock, exchange }) };
}

const delegateOf = async (wellKnown: WellKnown) =>
  (await wellKnown.findDelegate('a.test')).delegate;

const URL_A = 'https://a.test/.well-known/matrix/server';

describe('well-known', () => {
  it.each(['16909060', '0x1020304', '1.2.772', '001.2.3.4'])(
    'is asked of no address that is written as a name: %s',
    async (host) => {
      const { asked, wellKnown } = web({});
      expect((await wellKnown.findDelegate(host)).delegate).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  it('[SEC-38] takes no longer with redirects than without', async () => {
    const effects = new VirtualEffects();
    const timeouts: number[] = [];
    const exchange = async (_: Endpoint, { limits }: HttpsRequest) => {
      timeouts.push(limits.timeoutMs);
      await effects.advance(4_000);
      return { status: 302, headers: new Map([['location', '/on']]), body: Buffer.from('') };
    };
    await new WellKnown({ clock: effects.clock, exchange }).findDelegate('a.test');
    expect(timeouts).toEqual([10_000, 6_000, 2_000]);
  });

  it.each<[string, Record<string, Reply>, string | undefined]>([
    ['names a server', { [URL_A]: delegate('b.test') }, 'b.test'],
    ['names a port', { [URL_A]: delegate('b.test:443') }, 'b.test:443'],
    [
      'is of another type',
      { [URL_A]: [200, { 'content-type': 'text/html' }, '{"m.server":"b.test"}'] },
      'b.test',
    ],
    ['is not there', { [URL_A]: [404, {}, '{"m.server":"b.test"}'] }, undefined],
    ['cannot be reached', {}, undefined],
    ['is no JSON', { [URL_A]: [200, {}, 'm.server: b.test'] }, undefined],
    ['says nothing', { [URL_A]: [200, {}, '{}'] }, undefined],
    ['says something else', { [URL_A]: [200, {}, '{"m.server":["b.test"]}'] }, undefined],
    ['is a list', { [URL_A]: [200, {}, '["m.server"]'] }, undefined],
    ['names no server', { [URL_A]: delegate('https://b.test') }, undefined],
    [
      'redirects',
      { [URL_A]: redirect('https://c.test:99/x?y'), 'https://c.test:99/x?y': delegate('b.test') },
      'b.test',
    ],
    [
      'redirects by a relative address',
      { [URL_A]: redirect('/x'), 'https://a.test/x': delegate('b.test') },
      'b.test',
    ],
    ['redirects in a loop', { [URL_A]: redirect(URL_A) }, undefined],
    [
      'redirects to plain HTTP',
      { [URL_A]: redirect('http://c.test/'), 'https://c.test/': delegate('b.test') },
      undefined,
    ],
    ['redirects to nowhere', { [URL_A]: [302, {}, ''] }, undefined],
  ])('that %s', async (_what, replies, expected) => {
    const { wellKnown } = web(replies);
    expect(await delegateOf(wellKnown)).toBe(expected);
  });

  it.each<[string, Record<string, Reply>, string | undefined]>([
    ['names a server', { [URL_A]: delegate('b.test') }, undefined],
    ['is not there', { [URL_A]: [404, {}, ''] }, 'the answer has status 404'],
    ['cannot be reached', {}, 'nobody there'],
    ['says nothing', { [URL_A]: [200, {}, '{}'] }, 'm.server is not a server name'],
    ['redirects to nowhere', { [URL_A]: [302, {}, ''] }, 'a redirect leads to no https address'],
  ])('tells what is wrong with one that %s', async (_what, replies, fault) => {
    const { wellKnown } = web(replies);
    expect((await wellKnown.findDelegate('a.test')).fault).toBe(fault);
  });

  it('[SEC-38] follows at most five redirects', async () => {
    const { asked, wellKnown } = web({ [URL_A]: redirect(URL_A) });
    await wellKnown.findDelegate('a.test');
    expect(asked).toHaveLength(6);
  });

  it.each<[string, Record<string, string>, number]>([
    ['no header', {}, 24 * HOUR],
    ['max-age', { 'cache-control': 'public, max-age=3600' }, HOUR],
    ['a long max-age', { 'cache-control': 'Max-Age=31536000' }, 48 * HOUR],
    ['no-store', { 'cache-control': 'no-store' }, 5 * MINUTE],
    ['max-age=0', { 'cache-control': 'max-age=0' }, 5 * MINUTE],
    ['expires', { expires: new Date(1_700_000_000_000 + 2 * HOUR).toUTCString() }, 2 * HOUR],
    ['expires that is no date', { expires: '0' }, 5 * MINUTE],
    ['max-age before expires', { 'cache-control': 'max-age=600', expires: '0' }, 10 * MINUTE],
    ['something unknown', { 'cache-control': 'private, max-age=soon' }, 24 * HOUR],
  ])('is believed as long as its headers say: %s', async (_what, headers, periodMs) => {
    const { asked, effects, wellKnown } = web({ [URL_A]: delegate('b.test', headers) });
    await wellKnown.findDelegate('a.test');
    await effects.advance(periodMs - 1);
    expect(await delegateOf(wellKnown)).toBe('b.test');
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    await wellKnown.findDelegate('a.test');
    expect(asked).toHaveLength(2);
  });

  it('[SEC-38] remembers failures for longer and longer, up to an hour', async () => {
    const { asked, effects, wellKnown } = web({});
    const periods = [2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * MINUTE);
    for (const [index, periodMs] of periods.entries()) {
      await wellKnown.findDelegate('a.test');
      await effects.advance(periodMs - 1);
      await wellKnown.findDelegate('a.test');
      expect(asked).toHaveLength(index + 1);
      await effects.advance(1);
    }
  });

  it('keeps a delegation for 48 hours while its host only fails to answer', async () => {
    let up = true;
    const { effects, wellKnown } = web({
      [URL_A]: () => (up ? delegate('b.test', { 'cache-control': 'max-age=600' }) : [502, {}, '']),
    });
    await wellKnown.findDelegate('a.test');
    up = false;
    await effects.advance(47 * HOUR);
    expect(await delegateOf(wellKnown)).toBe('b.test');
    await effects.advance(HOUR);
    expect(await delegateOf(wellKnown)).toBeUndefined();
    up = true;
    await effects.advance(HOUR);
    expect(await delegateOf(wellKnown)).toBe('b.test');
  });

  it('is asked for once, however many want to know', async () => {
    const { asked, wellKnown } = web({ [URL_A]: delegate('b.test') });
    const answers = await Promise.all([1, 2, 3].map(() => delegateOf(wellKnown)));
    expect(answers).toEqual(['b.test', 'b.test', 'b.test']);
    expect(asked).toHaveLength(1);
  });
});
