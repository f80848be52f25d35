import { invalidParam } from '../matrix-error.ts';

/**
 * A place in the stream, as clients hold it: version, the database's incarnation, position. One number is
 * enough, for who has seen a position has seen everything up to it; who types is not part of that.
 */
export interface StreamToken {
  /** Changes when a backup is restored; a token of another incarnation is answered as if there were none. */
  readonly incarnation: string;
  /** Negative among backfilled events. */
  readonly position: number;
  /** Of what the client was told of who types; undefined where nobody does. */
  readonly typing?: number | undefined;
}

const VERSION = 'h1';
const MAX_TOKEN_LENGTH = 64;

export function formatStreamToken({ incarnation, position, typing }: StreamToken): string {
  const parts = [VERSION, incarnation, position, ...(typing === undefined ? [] : [typing])];
  return parts.join('_');
}

/** Undefined for what we never gave out. */
export function parseStreamToken(text: string): StreamToken | undefined {
  if (text.length > MAX_TOKEN_LENGTH) return undefined;
  const [version, incarnation, digits, mark, ...rest] = text.split('_');
  const position = readInteger(digits);
  const typing = mark === undefined ? undefined : readInteger(mark);
  if (version !== VERSION || incarnation === undefined || rest.length > 0) return undefined;
  if (position === undefined || (mark !== undefined && typing === undefined)) return undefined;
  return { incarnation, position, ...(typing === undefined ? {} : { typing }) };
}

function readInteger(digits: string | undefined): number | undefined {
  const value = Number(digits);
  return Number.isSafeInteger(value) && String(value) === digits ? value : undefined;
}

export interface TokenPorts {
  /** Of the database. */
  readonly incarnation: string;
}

/**
 * The position that a parameter of a request names. A token of a database that was since restored is answered as if
 * there were none.
 * @throws MatrixError `M_INVALID_PARAM` for what we never gave out
 */
export function readPosition(
  ports: TokenPorts,
  name: string,
  text: string | undefined,
): number | undefined {
  return readToken(ports, name, text)?.position;
}

/** The same, with all that it says. */
export function readToken(
  { incarnation }: TokenPorts,
  name: string,
  text: string | undefined,
): StreamToken | undefined {
  if (text === undefined) return undefined;
  const token = parseStreamToken(text);
  if (token === undefined) throw invalidParam(`${name}: not a token that this server gave out`);
  return token.incarnation === incarnation ? token : undefined;
}
