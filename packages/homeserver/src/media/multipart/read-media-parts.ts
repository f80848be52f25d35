import { isObject } from '@hansa/protocol';
import { parsePeerJson } from '../../http/index.ts';
import { readParameterHeader } from '../header-parameters.ts';
import { DelimitedReader, MultipartError } from './delimited-reader.ts';

const CRLF = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');
const END = '--';
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*(.*?)[\t ]*$/s;
const MAX_PREAMBLE_BYTES = 1024;
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_HEADERS = 32;
const MAX_METADATA_BYTES = 64 * 1024;
/** What the form takes besides the file. */
export const MULTIPART_OVERHEAD_BYTES =
  MAX_PREAMBLE_BYTES + 2 * MAX_HEADER_BYTES + MAX_METADATA_BYTES + 1024;

export interface MediaPart {
  /** By lower-case name; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
  /** Fails with a `MultipartError` where the form is not kept up to its end. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The second part of an answer that has exactly two: JSON about a file, in which nothing is specified yet, and the file.
 * Fails with a `MultipartError`. Source: server-server API, "Content Repository"; RFC 2046, section 5.1.
 */
export async function readMediaPart(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
): Promise<MediaPart> {
  const boundary = readBoundary(contentType);
  // The first delimiter may stand at the very beginning, with no line before it.
  const reader = new DelimitedReader(afterLineEnd(body));
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  await reader.take(delimiter, MAX_PREAMBLE_BYTES);
  await readHeaders(reader);
  const metadata = parsePeerJson(
    await reader.take(delimiter, MAX_METADATA_BYTES),
    MAX_METADATA_BYTES,
  );
  if (!metadata.ok || !isObject(metadata.value)) {
    throw new MultipartError('its first part is no JSON object');
  }
  const headers = await readHeaders(reader);
  return { headers, bytes: lastPart(reader, delimiter) };
}

function readBoundary(contentType: string | undefined): string {
  const type = contentType === undefined ? undefined : readParameterHeader(contentType);
  const boundary = type?.value === 'multipart/mixed' ? type.parameters.get('boundary') : undefined;
  if (boundary === undefined || !BOUNDARY.test(boundary)) {
    throw new MultipartError('it is no multipart/mixed with a boundary');
  }
  return boundary;
}

async function* afterLineEnd(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield CRLF;
  yield* body;
}

/** From behind a delimiter. A part without headers begins with an empty line all the same. */
async function readHeaders(reader: DelimitedReader): Promise<ReadonlyMap<string, string>> {
  const next = await reader.peek(CRLF.byteLength);
  if (!next.equals(CRLF)) throw new MultipartError('it has not two parts');
  const block = (await reader.take(BLANK_LINE, MAX_HEADER_BYTES)).toString('utf8');
  const lines = block.split('\r\n').slice(1);
  if (lines.length > MAX_HEADERS)
    throw new MultipartError(`a part has more than ${MAX_HEADERS} headers`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new MultipartError('a header is malformed');
    const key = name.toLowerCase();
    if (!headers.has(key)) headers.set(key, value);
  }
  return headers;
}

async function* lastPart(
  reader: DelimitedReader,
  delimiter: Uint8Array,
): AsyncGenerator<Uint8Array> {
  try {
    yield* reader.until(delimiter);
    if ((await reader.peek(END.length)).toString('latin1') !== END) {
      throw new MultipartError('it has more than two parts');
    }
    // Nothing of it counts, but whether it comes to the end that it said.
    await reader.skipRest();
  } finally {
    await reader.close();
  }
}
