import { invalidParam } from '../matrix-error.ts';

/**
 * A place in the stream, as clients hold it: version, the database's incarnation, position. One number is
 * enough, for who has seen a position has seen everything up to it.
 */
export interface StreamToken {
  /** Changes when a backup is restored; a token of another incarnation is answered as if there were none. */
  readonly incarnation: string;
  /** Negative among backfilled events. */
  readonly position: number;
}

const VERSION = 'h1';
const MAX_TOKEN_LENGTH = 64;

export function formatStreamToken(token: StreamToken): string {
  return `${VERSION}_${token.incarnation}_${token.position}`;
}

/** Undefined for what we never gave out. */
export function parseStreamToken(text: string): StreamToken | undefined {
  const [version, incarnation, digits, ...rest] = text.slice(0, MAX_TOKEN_LENGTH + 1).split('_');
  const position = Number(digits);
  const isToken =
    text.length <= MAX_TOKEN_LENGTH &&
    version === VERSION &&
    incarnation !== undefined &&
    digits !== undefined &&
    rest.length === 0 &&
    Number.isSafeInteger(position) &&
    String(position) === digits;
  return isToken ? { incarnation, position } : undefined;
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
  { incarnation }: TokenPorts,
  name: string,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const token = parseStreamToken(text);
  if (token === undefined) throw invalidParam(`${name}: not a token that this server gave out`);
  return token.incarnation === incarnation ? token.position : undefined;
}
