import { describe, expect, it } from 'vitest';
import type { ServerName, UserId } from './brand.ts';
import {
  createUserId,
  isCompliantUserId,
  isUserId,
  localpartOf,
  parseUserId,
  serverOf,
} from './user-id.ts';

const SERVER = 'example.org' as ServerName;

describe('user ids', () => {
  it.each([
    ['@alice:example.org', 'alice', 'example.org'],
    ['@alice:example.org:8448', 'alice', 'example.org:8448'],
    ['@alice:[::1]:8448', 'alice', '[::1]:8448'],
    ['@a.b_c=d-e/f+9:1.2.3.4', 'a.b_c=d-e/f+9', '1.2.3.4'],
  ])('[ID-2.1] splits %s at the first colon', (text, localpart, server) => {
    expect(parseUserId(text)).toEqual({ ok: true, value: text });
    expect(localpartOf(text as UserId)).toBe(localpart);
    expect(serverOf(text as UserId)).toBe(server);
  });

  it.each([
    ['', 'starts'],
    ['alice:example.org', 'start'],
    ['#alice:example.org', 'start'],
    ['@alice', 'domain'],
    ['@alice:', 'domain'],
    ['@alice:exa mple.org', 'server name'],
    ['@alice:bob:example.org', 'server name'],
    ['@ali\0ce:example.org', 'NUL'],
    ['@ali\ud800ce:example.org', 'surrogate'],
  ])('[ID-2.1] refuses %j', (text) => {
    expect(parseUserId(text)).toMatchObject({ ok: false, rule: 'ID-2.1' });
    expect(isUserId(text)).toBe(false);
  });

  it.each(['@:example.org', '@Älïce 😀:example.org', '@\u0001\n:example.org', '@A:example.org'])(
    '[ID-2.2] takes the historical %j',
    (text) => {
      expect(isUserId(text)).toBe(true);
    },
  );

  it('[ID-2.3] makes ids of new users by the strict grammar', () => {
    expect(createUserId('a.b_c=d-e/f+0', SERVER)).toEqual({
      ok: true,
      value: '@a.b_c=d-e/f+0:example.org',
    });
  });

  it.each(['', 'Alice', 'al ice', 'älice', 'a:b', 'a@b', 'a*', 'a\n', 'a'.repeat(250)])(
    '[ID-2.3] refuses the localpart %j to a new user',
    (localpart) => {
      expect(createUserId(localpart, SERVER).ok).toBe(false);
    },
  );

  it.each([
    ['@alice:example.org', true],
    ['@ALICE!:example.org', true],
    ['@:example.org', false],
    ['@al ice:example.org', false],
    ['@älice:example.org', false],
    ['@ali\u007fce:example.org', false],
  ])('[ID-2.4] %j may stand outside of events: %s', (text, isCompliant) => {
    expect(isCompliantUserId(text as UserId)).toBe(isCompliant);
  });

  it('[ID-9.1] counts bytes, not characters', () => {
    const domain = ':example.org';
    const room = 255 - 1 - domain.length;
    expect(isUserId(`@${'a'.repeat(room)}${domain}`)).toBe(true);
    expect(isUserId(`@${'a'.repeat(room + 1)}${domain}`)).toBe(false);
    expect(isUserId(`@${'é'.repeat(room / 2)}${domain}`)).toBe(true);
    expect(isUserId(`@${'é'.repeat(room / 2)}a${domain}`)).toBe(false);
    expect(isUserId(`@${'日'.repeat(room / 3)}${domain}`)).toBe(true);
    expect(isUserId(`@${'日'.repeat(room / 3 + 1)}${domain}`)).toBe(false);
  });
});
