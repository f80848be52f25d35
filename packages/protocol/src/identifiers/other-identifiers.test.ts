import { describe, expect, it } from 'vitest';
import type { KeyId, MxcUri, RoomAlias } from './brand.ts';
import { isDeviceId, parseDeviceId } from './device-id.ts';
import { isKeyId, parseKeyId, splitKeyId } from './key-id.ts';
import { isMediaId, isMxcUri, parseMxcUri, splitMxcUri } from './mxc-uri.ts';
import { isRoomAlias, parseRoomAlias, serverOfAlias } from './room-alias.ts';

describe('room aliases', () => {
  it.each(['#room:example.org', '#Räum 😀:[::1]:8448', '#:example.org'])(
    '[ID-5.1] takes %s',
    (text) => {
      expect(parseRoomAlias(text)).toEqual({ ok: true, value: text });
      expect(serverOfAlias(text as RoomAlias)).toBe(text.slice(text.indexOf(':') + 1));
    },
  );

  it.each(['', '#', '#room', '@room:example.org', '#room:', '#r\0:example.org', '#\udc00:a.b'])(
    '[ID-5.1] refuses %j',
    (text) => {
      expect(parseRoomAlias(text)).toMatchObject({ ok: false, rule: 'ID-5.1' });
      expect(isRoomAlias(text)).toBe(false);
    },
  );
});

describe('key ids', () => {
  it('[ID-6.1] splits algorithm and version', () => {
    expect(parseKeyId('ed25519:a_RXGa')).toEqual({ ok: true, value: 'ed25519:a_RXGa' });
    expect(splitKeyId('ed25519:a_RXGa' as KeyId)).toEqual({
      algorithm: 'ed25519',
      version: 'a_RXGa',
    });
  });

  it.each([
    '',
    ':',
    'ed25519',
    'ed25519:',
    ':1',
    'ed25519:a-b',
    'ed25519:a:b',
    'ed25519:1\n',
    `ed25519:${'a'.repeat(248)}`,
  ])('[ID-6.1] refuses %j', (text) => {
    expect(parseKeyId(text)).toMatchObject({ ok: false, rule: 'ID-6.1' });
    expect(isKeyId(text)).toBe(false);
  });
});

describe('device ids', () => {
  it.each(['GHTYAJCE', 'my phone', 'é'.repeat(127), '*'])('[ID-7.1] takes %j', (text) => {
    expect(parseDeviceId(text)).toEqual({ ok: true, value: text });
  });

  it.each(['', 'a\n', 'a\0', '\u0085', '\ud800', 'é'.repeat(128)])(
    '[ID-7.1] refuses %j',
    (text) => {
      expect(parseDeviceId(text)).toMatchObject({ ok: false, rule: 'ID-7.1' });
      expect(isDeviceId(text)).toBe(false);
    },
  );
});

describe('mxc URIs', () => {
  it.each([
    ['mxc://example.org/abc_-DEF0', 'example.org', 'abc_-DEF0'],
    ['mxc://[::1]:8448/a', '[::1]:8448', 'a'],
  ])('[ID-8.1] splits %s', (text, server, mediaId) => {
    expect(parseMxcUri(text)).toEqual({ ok: true, value: text });
    expect(splitMxcUri(text as MxcUri)).toEqual({ server, mediaId });
  });

  it.each(['', 'mxc://', 'mxc://example.org', 'mxc:///a', 'http://example.org/a', 'mxc://a b/c'])(
    '[ID-8.1] refuses %j',
    (text) => {
      expect(parseMxcUri(text)).toMatchObject({ ok: false, rule: 'ID-8.1' });
      expect(isMxcUri(text)).toBe(false);
    },
  );

  it.each(['', '.', '..', '../a', 'a/b', 'a%2f', 'a?b', 'a#b', 'a\\b', 'ä', 'a'.repeat(256)])(
    '[ID-8.2] refuses the media id %j',
    (mediaId) => {
      expect(isMediaId(mediaId)).toBe(false);
      expect(isMxcUri(`mxc://example.org/${mediaId}`)).toBe(false);
    },
  );
});
