import { expect, it } from 'vitest';
import { readFileName, writeDisposition } from './content-disposition.ts';

it.each([
  ['attachment; filename=plain.txt', 'plain.txt'],
  ['inline; filename="a \\"b\\" \\\\ c; d.txt"', 'a "b" \\ c; d.txt'],
  ["attachment; filename=_.txt; filename*=utf-8''%C3%A4%20b.txt", 'ä b.txt'],
  ["attachment; FileName*=UTF-8'de'%e2%82%ac", '€'],
  // What cannot be read gives way to what can.
  ["attachment; filename=a.txt; filename*=utf-8''%ZZ", 'a.txt'],
  ["attachment; filename=a.txt; filename*=latin1''%E4", 'a.txt'],
  ['attachment; filename="ä.txt"', 'ä.txt'],
  ['attachment; filename="../../etc/passwd"', '../../etc/passwd'],
  ['attachment; filename="a\u0000\r\nb"', 'ab'],
  ['attachment; filename=""', undefined],
  ['attachment', undefined],
  ['attachment; filename', undefined],
  ['attachment; filename="open', undefined],
  ['; filename=a', undefined],
  [`attachment; filename="${'a'.repeat(5000)}"`, undefined],
  [undefined, undefined],
])('the name in %j is %j', (header, name) => {
  expect(readFileName(header)).toBe(name);
});

it('a name of any length is cut, between characters', () => {
  const name = readFileName(`inline; filename="${'\u{1F4C4}'.repeat(200)}"`) ?? '';
  expect([name.length, name.isWellFormed()]).toEqual([255, true]);
});

it.each(['plain.txt', 'a "b" \\ c', 'ä €.txt', "it's (1)*é%20", '\u{1F4C4}', ';='])(
  'the name %j is read as it was written',
  (name) => {
    const header = writeDisposition('attachment', name);
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(readFileName(header)).toBe(name);
  },
);
