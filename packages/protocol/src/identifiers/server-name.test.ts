import { describe, expect, it } from 'vitest';
import { isServerName, parseServerName, splitServerName } from './server-name.ts';
import type { ServerNameParts } from './server-name.ts';

function split(text: string): ServerNameParts | undefined {
  const name = parseServerName(text);
  return name.ok ? splitServerName(name.value) : undefined;
}

describe('server names', () => {
  it.each([
    ['matrix.org', 'matrix.org', undefined, 'dns'],
    ['matrix.org:8888', 'matrix.org', 8888, 'dns'],
    ['1.2.3.4', '1.2.3.4', undefined, 'ipv4'],
    ['1.2.3.4:1234', '1.2.3.4', 1234, 'ipv4'],
    ['[1234:5678::abcd]', '[1234:5678::abcd]', undefined, 'ipv6'],
    ['[1234:5678::abcd]:5678', '[1234:5678::abcd]', 5678, 'ipv6'],
    ['localhost', 'localhost', undefined, 'dns'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', undefined, 'dns'],
    ['example.org:0', 'example.org', 0, 'dns'],
    ['example.org:99999', 'example.org', 99_999, 'dns'],
    ['1.2.3.256', '1.2.3.256', undefined, 'dns'],
    ['1.2.3', '1.2.3', undefined, 'dns'],
    ['1.2.3.4.5', '1.2.3.4.5', undefined, 'dns'],
  ] as const)('[ID-1.5] %s', (text, host, port, kind) => {
    expect(split(text)).toEqual({ host, port, kind });
  });

  it.each([
    '',
    ':',
    ':80',
    'a_b.example',
    'exämple.org',
    'example.org/',
    'example.org ',
    ' example.org',
    'example.org\n',
    'user@example.org',
    'a:b:80',
    `${'a'.repeat(256)}`,
  ])('[ID-1.1] refuses %j', (text) => {
    expect(parseServerName(text)).toMatchObject({ ok: false, rule: 'ID-1.1' });
    expect(isServerName(text)).toBe(false);
  });

  it('[ID-1.1] takes a host of 255 characters', () => {
    expect(isServerName(`${'a'.repeat(255)}:8448`)).toBe(true);
  });

  it.each(['example.org:', 'example.org:123456', 'example.org:-1', 'example.org:8a', '[::1]80'])(
    '[ID-1.2] refuses the port of %s',
    (text) => {
      expect(isServerName(text)).toBe(false);
    },
  );

  it.each([
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1::3:4:5:6:7:8',
    'FEDC:BA98:7654:3210:FEDC:BA98:7654:3210',
    '::ffff:129.144.52.38',
    '0:0:0:0:0:0:13.1.68.3',
    '::13.1.68.3',
  ])('[ID-1.3] takes [%s]', (address) => {
    expect(split(`[${address}]`)?.kind).toBe('ipv6');
  });

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.256',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '::1 ',
  ])('[ID-1.3] refuses [%s]', (address) => {
    expect(isServerName(`[${address}]`)).toBe(false);
  });

  it.each(['[::1', '::1', '[::1]]', '[[::1]]', '[]'])('[ID-1.3] refuses %s', (text) => {
    expect(isServerName(text)).toBe(false);
  });

  it('[ID-1.4] keeps a name as it is written', () => {
    expect(parseServerName('Example.ORG:08448')).toEqual({ ok: true, value: 'Example.ORG:08448' });
  });
});
