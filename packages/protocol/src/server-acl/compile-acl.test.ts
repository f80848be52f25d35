import { afterEach, describe, expect, it, vi } from 'vitest';
import { Glob } from '../glob/glob.ts';
import type { ServerName } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { NumberLiteral } from '../json/value.ts';
import { countedCharacters, type Work } from '../testing/counted.ts';
import { compileAcl } from './compile-acl.ts';

function allows(content: JsonObject | undefined, server: string): boolean {
  return compileAcl(content).allows(server as ServerName);
}

const ANY = { allow: ['*'] };

describe('order', () => {
  it('[ACL-1] without an event every server is allowed, by name or address', () => {
    expect(allows(undefined, 'example.org')).toBe(true);
    expect(allows(undefined, '1.2.3.4:8448')).toBe(true);
  });

  it.each(['1.2.3.4', '1.2.3.4:8448', '[::1]', '[2001:db8::1]:443'])(
    '[ACL-2] allow_ip_literals false denies %s before anything else is asked',
    (server) => {
      expect(allows({ ...ANY, allow_ip_literals: false }, server)).toBe(false);
      expect(allows({ allow: [server], allow_ip_literals: false }, server)).toBe(false);
      expect(allows(ANY, server)).toBe(true);
    },
  );

  it.each(['1.2.3.4.example.org', '1.2.3', '1.2.3.4.5', 'example.org', '1a.2.3.4'])(
    '[ACL-2] %s is a name, not an address',
    (server) => {
      expect(allows({ ...ANY, allow_ip_literals: false }, server)).toBe(true);
    },
  );

  it('[ACL-3] deny goes before allow', () => {
    const content = { allow: ['*', 'evil.example'], deny: ['evil.example', '*.evil.example'] };
    expect(allows(content, 'evil.example')).toBe(false);
    expect(allows(content, 'sub.evil.example')).toBe(false);
    expect(allows(content, 'notevil.example')).toBe(true);
  });

  it('[ACL-4] allow lets in', () => {
    expect(allows({ allow: ['*.example.org'] }, 'a.example.org')).toBe(true);
    expect(allows({ allow: ['h?.example.org'] }, 'hs.example.org')).toBe(true);
  });

  it('[ACL-5] what neither list names is denied', () => {
    expect(allows({ allow: ['*.example.org'] }, 'example.org')).toBe(false);
    expect(allows({ allow: ['*.example.org'], deny: [] }, 'example.com')).toBe(false);
  });
});

describe('names', () => {
  it.each(['evil.com', 'evil.com:8448', 'evil.com:1234'])(
    '[ACL-6] the port of %s counts for nothing',
    (server) => {
      expect(allows({ ...ANY, deny: ['evil.com'] }, server)).toBe(false);
      expect(allows({ allow: ['evil.com'] }, server)).toBe(true);
    },
  );

  it('[ACL-6] an IPv6 address keeps its brackets and loses its port', () => {
    expect(allows({ ...ANY, deny: ['[2001:db8::1]'] }, '[2001:db8::1]:8448')).toBe(false);
    expect(allows({ ...ANY, deny: ['[2001:db8::*'] }, '[2001:db8::1]')).toBe(false);
    expect(allows({ ...ANY, deny: ['2001:db8::1'] }, '[2001:db8::1]')).toBe(true);
  });

  it('[ACL-6] a pattern with a port matches nobody', () => {
    expect(allows({ ...ANY, deny: ['evil.com:8448'] }, 'evil.com:8448')).toBe(true);
  });

  it.each([
    ['EVIL.com', 'evil.COM'],
    ['*.Evil.Com', 'a.evil.com'],
  ])('[ACL-7] case counts for nothing: %s denies %s', (pattern, server) => {
    expect(allows({ ...ANY, deny: [pattern] }, server)).toBe(false);
  });
});

describe('malformed content', () => {
  it.each([undefined, null, 0, 1, 'false', [], {}, new NumberLiteral('0.0')])(
    '[ACL-8] allow_ip_literals %j counts as true',
    (value) => {
      const content = value === undefined ? ANY : { ...ANY, allow_ip_literals: value };
      expect(allows(content, '1.2.3.4')).toBe(true);
    },
  );

  it.each([undefined, null, '*', { 0: '*' }, []])('[ACL-9] allow %j lets nobody in', (value) => {
    const content: JsonObject = value === undefined ? {} : { allow: value };
    expect(allows(content, 'example.org')).toBe(false);
  });

  it.each([undefined, null, '*', { 0: '*' }, []])('[ACL-9] deny %j keeps nobody out', (value) => {
    const content = value === undefined ? ANY : { ...ANY, deny: value };
    expect(allows(content, 'example.org')).toBe(true);
  });

  it('[ACL-10] entries that are no strings are passed over, the others hold', () => {
    const content = { allow: [null, 1, ['*'], {}, '*.org'], deny: [true, 'evil.org', { a: '*' }] };
    expect(allows(content, 'good.org')).toBe(true);
    expect(allows(content, 'evil.org')).toBe(false);
    expect(allows(content, 'good.com')).toBe(false);
  });

  it('[ACL-10] keys are read from the content itself, not from what objects inherit', () => {
    const inherited = Object.create({ allow: ['*'] }) as JsonObject;
    expect(allows(inherited, 'example.org')).toBe(false);
  });
});

describe('hostile content', () => {
  afterEach(() => vi.restoreAllMocks());

  /** How many characters of the name are read to say no. */
  function readsOf(deny: readonly string[], server: string): number {
    const work: Work = { steps: 0 };
    const matches = Object.getOwnPropertyDescriptor(Glob.prototype, 'matches')
      ?.value as Glob['matches'];
    vi.spyOn(Glob.prototype, 'matches').mockImplementation(function (this: Glob, text) {
      return matches.call(this, countedCharacters(text, work));
    });
    expect(allows({ ...ANY, deny }, server)).toBe(true);
    return work.steps;
  }

  it('100,000 patterns are asked in as many steps as they differ from the name (SEC-31)', () => {
    const deny = Array.from({ length: 100_000 }, (_, n) => `evil${n}.*`);
    expect(readsOf(deny, 'good.example')).toBeLessThanOrEqual(2 * deny.length);
  });

  it.each([
    ['stars', `${'*a'.repeat(60)}*b`],
    ['stars at the end', `${'a*'.repeat(60)}b`],
    ['question marks', `${'*?'.repeat(60)}b`],
    ['a long part', `*${'a'.repeat(119)}b*`],
  ])(
    'the worst that an event holds takes no more than its length × the name’s: %s (SEC-31)',
    (_what, pattern) => {
      const deny = Array.from({ length: Math.floor(65_536 / pattern.length) }, () => pattern);
      const name = `${'a'.repeat(63)}.${'a'.repeat(63)}.example`;
      expect(readsOf(deny, name)).toBeLessThanOrEqual(65_536 * name.length);
    },
  );
});
