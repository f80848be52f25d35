import { fuzzParameters } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { it } from 'vitest';
import { readParameterHeader } from '../header-parameters.ts';
import { MultipartError } from './delimited-reader.ts';
import { readMediaPart } from './read-media-parts.ts';
import { writeMediaParts } from './write-media-parts.ts';

const PIECES = [
  '\r\n',
  '--',
  'b',
  '--b',
  '\r\n--b',
  '\r\n--b--',
  '{}',
  ': ',
  'a/b',
  '\r\n\r\n',
  ';"=',
];
const scraps = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), { maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')));
const chunkSize = fc.integer({ min: 1, max: 50 });

async function* inChunks(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += size) yield body.subarray(at, at + size);
}

async function read(type: string, body: Uint8Array, size: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const { bytes } = await readMediaPart(type, inChunks(body, size));
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('anything is a file in two parts, or is refused as none, however it is cut', async () => {
  const body = fc
    .tuple(fc.boolean(), scraps)
    .map(([begun, rest]) =>
      begun ? Buffer.concat([Buffer.from('--b\r\n\r\n{}\r\n--b\r\n\r\n'), rest]) : rest,
    );
  await fc.assert(
    fc.asyncProperty(body, chunkSize, async (bytes, size) => {
      const outcome = async (cut: number) => {
        try {
          return (await read('multipart/mixed; boundary=b', bytes, cut)).toString('hex');
        } catch (error) {
          if (error instanceof MultipartError) return 'refused';
          throw error;
        }
      };
      return (await outcome(size)) === (await outcome(bytes.byteLength + 1));
    }),
    fuzzParameters(),
  );
});

it('every file comes back as it was written, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(scraps, chunkSize, async (file, size) => {
      const boundary = 'a boundary that stands in no file';
      const written = writeMediaParts(boundary, { 'Content-Type': 'a/b' }, file.byteLength, {
        bytes: inChunks(file, size),
        close: async () => {},
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of written.body.bytes) chunks.push(chunk);
      const type = `multipart/mixed; boundary="${boundary}"`;
      return (await read(type, Buffer.concat(chunks), size)).equals(file);
    }),
    fuzzParameters(),
  );
});

it('any text is a header with parameters, or none', () => {
  const header = fc
    .array(fc.oneof(fc.constantFrom(';', ' ', '=', '"', '\\', 'a', 'a/b', ';a="'), fc.string()))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(header, (text) => {
      const read = readParameterHeader(text);
      return read === undefined || (read.value !== '' && read.parameters.size <= text.length);
    }),
    fuzzParameters(),
  );
});
