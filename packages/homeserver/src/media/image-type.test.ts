import { expect, it } from 'vitest';
import { imageTypeOf } from './image-type.ts';

const PNG = '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR';

it.each([
  [PNG, 'image/png'],
  [`${PNG}....acTL....IDAT`, 'image/apng'],
  [`${PNG}....IDAT....acTL`, 'image/png'],
  ['\u00ff\u00d8\u00ff\u00e0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['GIF87a', 'image/gif'],
  ['RIFF....WEBPVP8 ', 'image/webp'],
  ['\0\0\0\u001cftypavif\0\0\0\0', 'image/avif'],
  ['\0\0\0\u001cftypmif1\0\0\0\0mif1avifmiaf', 'image/avif'],
  ['\0\0\0\u0014ftypmif1\0\0\0\0mif1avif', undefined],
  ['\0\0\0\u0018ftypisom\0\0\0\0isommp42', undefined],
  ['RIFF....WAVE', undefined],
  ['GIF88a', undefined],
  [' GIF89a', undefined],
  ['<svg xmlns="http://www.w3.org/2000/svg">', undefined],
  ['<!doctype html>', undefined],
  ['%!PS', undefined],
  ['....ftyp', undefined],
  ['', undefined],
])('%j begins %s', (head, type) => {
  expect(imageTypeOf(Buffer.from(head, 'latin1'))).toBe(type);
});
