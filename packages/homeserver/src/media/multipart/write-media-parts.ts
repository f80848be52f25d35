import type { AnswerBody } from '../../http/index.ts';

/** A body with its length and type. */
export interface MultipartBody {
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly body: AnswerBody;
}

/**
 * A file in the form in which servers give it to one another: JSON about it, which says nothing yet, and the file.
 * @param boundary that stands in no file: long, and drawn at random
 */
export function writeMediaParts(
  boundary: string,
  headers: Readonly<Record<string, string>>,
  sizeBytes: number,
  file: AnswerBody,
): MultipartBody {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const before = Buffer.from(
    `--${boundary}\r\nContent-Type: application/json\r\n\r\n{}\r\n--${boundary}\r\n${lines.join('')}\r\n`,
  );
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/mixed; boundary=${boundary}`,
    sizeBytes: before.byteLength + sizeBytes + after.byteLength,
    body: { ...file, bytes: between(before, file.bytes, after) },
  };
}

async function* between(
  before: Uint8Array,
  bytes: AsyncIterable<Uint8Array>,
  after: Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield before;
  yield* bytes;
  yield after;
}
