/** A text as the matcher reads it: its code points, the case folded by one of the functions below. */
export type Characters = readonly number[];

const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;
const FIRST_BEYOND_ASCII = 0x80;

/** Folds A to Z and nothing else: for names that are ASCII by their grammar, such as server names. */
export function foldAscii(text: string): Characters {
  const points: number[] = [];
  for (const character of text) points.push(lowerAscii(codePoint(character)));
  return points;
}

/**
 * Folds every character by itself, upper then lower, so that the forms of a letter meet (both sigmas) wherever
 * in a word they stand. One character stays one, and none becomes ASCII that was not: word boundaries are the
 * same in the folded text. What "case-insensitive" means for push rules is left to the server.
 */
export function foldUnicode(text: string): Characters {
  const points: number[] = [];
  for (const character of text) {
    const point = codePoint(character);
    points.push(point < FIRST_BEYOND_ASCII ? lowerAscii(point) : foldBeyondAscii(character, point));
  }
  return points;
}

/** Folds nothing. */
export function exactCase(text: string): Characters {
  return Array.from(text, codePoint);
}

function foldBeyondAscii(character: string, point: number): number {
  const [folded, ...others] = exactCase(character.toUpperCase().toLowerCase());
  const isOneBeyondAscii =
    folded !== undefined && folded >= FIRST_BEYOND_ASCII && others.length === 0;
  return isOneBeyondAscii ? folded : point;
}

function lowerAscii(point: number): number {
  return point >= UPPER_A && point <= UPPER_Z ? point + TO_LOWER : point;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
