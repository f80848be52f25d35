import { describe, expect, it } from 'vitest';
import { MultipartError } from './delimited-reader.ts';
import { readMediaPart } from './read-media-parts.ts';
import { writeMediaParts } from './write-media-parts.ts';

const TYPE = 'multipart/mixed; boundary=xyz';

async function* inChunks(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += size) yield body.subarray(at, at + size);
}

async function read(body: string | Uint8Array, type: string | undefined = TYPE, size = 7) {
  const part = await readMediaPart(type, inChunks(Buffer.from(body as Uint8Array), size));
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.bytes) chunks.push(chunk);
  return { headers: Object.fromEntries(part.headers), bytes: Buffer.concat(chunks) };
}

const lines = (...all: readonly string[]) => all.join('\r\n');
const FIRST = lines('--xyz', 'Content-Type: application/json', '', '{}');
const SECOND = lines('--xyz', 'Content-Type: a/b', '', 'file');

describe('a file in two parts', () => {
  it.each([1, 2, 7, 64 * 1024])('is read as it was written, in chunks of %d', async (size) => {
    const file = Buffer.from(
      '\r\n--xy\r\n--xyy\r\n--xyz\u0000\r\n\r\n--'.repeat(3).replaceAll('xyz', 'xyZ'),
    );
    const headers = { 'Content-Type': 'a/b; c="d"', 'Content-Disposition': 'inline' };
    const close = async () => {};
    const written = writeMediaParts('xyz', headers, file.byteLength, {
      bytes: inChunks(file, 5),
      close,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of written.body.bytes) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    expect(written.sizeBytes).toBe(body.byteLength);
    expect(await read(body, written.contentType, size)).toEqual({
      headers: { 'content-type': 'a/b; c="d"', 'content-disposition': 'inline' },
      bytes: file,
    });
  });

  it.each([
    ['a line before it, as Synapse writes it', lines('', FIRST, SECOND, '--xyz--', '')],
    ['words before it', lines('words', FIRST, SECOND, '--xyz--')],
    ['words behind it', lines(FIRST, SECOND, '--xyz--', 'words')],
    ['no headers in its first part', lines('--xyz', '', '{}', SECOND, '--xyz--')],
  ])('may have %s', async (_what, body) => {
    expect(await read(body)).toEqual({
      headers: { 'content-type': 'a/b' },
      bytes: Buffer.from('file'),
    });
  });

  it('may be empty, and have no headers', async () => {
    expect(await read(lines(FIRST, '--xyz', '', '', '--xyz--'))).toEqual({
      headers: {},
      bytes: Buffer.alloc(0),
    });
  });

  it('has whatever boundary its type says', async () => {
    const body = lines(FIRST, SECOND, '--xyz--').replaceAll('xyz', "x'y z:?");
    const type = `Multipart/Mixed; charset=x; boundary="x'y z:?"`;
    expect((await read(body, type)).bytes.toString()).toBe('file');
  });
});

describe('what is no file in two parts', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `h${n}: v`).join('\r\n');
  it.each([
    ['nothing', ''],
    ['no delimiter', 'words'],
    ['no end', lines(FIRST, SECOND)],
    ['half an end', lines(FIRST, SECOND, '--xyz-')],
    ['one part', lines(FIRST, '--xyz--')],
    ['three parts', lines(FIRST, SECOND, SECOND, '--xyz--')],
    ['no JSON', lines('--xyz', '', '{', SECOND, '--xyz--')],
    ['no object', lines('--xyz', '', '[]', SECOND, '--xyz--')],
    ['a delimiter with more behind it', lines('--xyz ', '', '{}', SECOND, '--xyz--')],
    ['a header without a colon', lines(FIRST, '--xyz', 'Content-Type', '', 'file', '--xyz--')],
    ['a folded header', lines(FIRST, '--xyz', 'a: b', ' c', '', 'file', '--xyz--')],
    ['too many headers', lines(FIRST, '--xyz', many(33), '', 'file', '--xyz--')],
    ['a long header', lines(FIRST, '--xyz', `a: ${'b'.repeat(9000)}`, '', 'file', '--xyz--')],
    ['much before it', lines('w'.repeat(2000), FIRST, SECOND, '--xyz--')],
    ['much JSON', lines('--xyz', '', `{"a":"${'b'.repeat(70_000)}"}`, SECOND, '--xyz--')],
  ])('is refused: %s', async (_what, body) => {
    await expect(read(body)).rejects.toThrow(MultipartError);
  });

  it.each([
    [undefined],
    ['application/json'],
    ['multipart/mixed'],
    ['multipart/form-data; boundary=xyz'],
    ['multipart/mixed; boundary=""'],
    ['multipart/mixed; boundary=x/y'],
    ['multipart/mixed; boundary="x "'],
    [`multipart/mixed; boundary=${'x'.repeat(71)}`],
    ['multipart/mixed; boundary="x\r\ny"'],
  ])('is refused: of type %j', async (type) => {
    const part = readMediaPart(type, inChunks(Buffer.from(lines(FIRST, SECOND, '--xyz--')), 7));
    await expect(part).rejects.toThrow(MultipartError);
  });
});
