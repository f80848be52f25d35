import { readParameterHeader } from './header-parameters.ts';

/** Of a file's name, in characters; what is longer is cut off. */
const MAX_FILE_NAME_CHARS = 255;

const NOT_PLAIN = /[^\x20-\x7e]/gu;
const EXTENDED = /^utf-8'[^']*'(.*)$/is;
/** That `encodeURIComponent` leaves as they are, and RFC 8187 does not. */
const NOT_ENCODED = /['()*]/g;

/** `Content-Disposition`; a name that is not plain ASCII in both forms. Source: RFC 6266, RFC 8187. */
export function writeDisposition(
  disposition: 'inline' | 'attachment',
  fileName: string | undefined,
): string {
  if (fileName === undefined) return disposition;
  const plain = fileName.replaceAll(NOT_PLAIN, '_').replaceAll(/["\\]/g, '\\$&');
  const quoted = `${disposition}; filename="${plain}"`;
  return fileName.search(NOT_PLAIN) === -1
    ? quoted
    : `${quoted}; filename*=utf-8''${percentEncode(fileName.toWellFormed())}`;
}

/** The name in a `Content-Disposition`, where it has one. */
export function readFileName(header: string | undefined): string | undefined {
  const parameters = header === undefined ? undefined : readParameterHeader(header)?.parameters;
  const [, encoded] = EXTENDED.exec(parameters?.get('filename*') ?? '') ?? [];
  const name =
    (encoded === undefined ? undefined : percentDecode(encoded)) ?? parameters?.get('filename');
  return cutFileName(name);
}

/** A name as it is kept, without what nobody sees in one. */
export function cutFileName(name: string | undefined): string | undefined {
  const seen = (name ?? '')
    .slice(0, MAX_FILE_NAME_CHARS)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '');
  return seen === '' ? undefined : seen;
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    NOT_ENCODED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
