import { describe, expect, it } from 'vitest';
import type { EventIdFormat } from '../room-versions/rules.ts';
import type { EventId } from './brand.ts';
import { domainOfEventId, isEventId, isEventIdOf, parseEventId } from './event-id.ts';

const GIVEN = '$143273582443PhrSn:example.org:8448';
const STANDARD = '$acR1l0raoZnm60CBwAVgqbZqoO/mYU81xysh1u7X+Jk';
const URL_SAFE = '$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg';
const PLAIN = '$CD66HAED5npg6074c6pDtLKalHjVfYb2q4Q3LZgrW6o';

function takenAs(format: EventIdFormat): readonly string[] {
  return [GIVEN, STANDARD, URL_SAFE, PLAIN].filter((text) => isEventIdOf(format, text));
}

describe('event ids', () => {
  it.each([GIVEN, STANDARD, URL_SAFE, PLAIN])('[ID-4.1] takes %s', (text) => {
    expect(parseEventId(text)).toEqual({ ok: true, value: text });
  });

  it.each(['', '$', '$abc', '!room:example.org', `${PLAIN}=`, `${PLAIN}a`, `${PLAIN}\n`, '$a:b c'])(
    '[ID-4.1] refuses %j',
    (text) => {
      expect(parseEventId(text)).toMatchObject({ ok: false, rule: 'ID-4.1' });
      expect(isEventId(text)).toBe(false);
    },
  );

  it('[ID-4.2] has a domain where its origin chooses it', () => {
    expect(takenAs('given')).toEqual([GIVEN]);
    expect(isEventIdOf('given', '$a:')).toBe(false);
  });

  it('[ID-4.3] may hold + and / in version 3', () => {
    expect(takenAs('base64')).toEqual([STANDARD, PLAIN]);
  });

  it('[ID-4.4] is safe in a URL from version 4 on', () => {
    expect(takenAs('base64url')).toEqual([URL_SAFE, PLAIN]);
  });

  it('[ID-4.5] finds a domain only where there is one', () => {
    expect(domainOfEventId(GIVEN as EventId)).toBe('example.org:8448');
    expect(domainOfEventId(STANDARD as EventId)).toBeUndefined();
    expect(domainOfEventId(URL_SAFE as EventId)).toBeUndefined();
  });
});
