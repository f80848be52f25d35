import type { Characters } from './fold.ts';

const STAR = 0x2a;
const QUESTION_MARK = 0x3f;

/** Whether a word may begin or end between `text[at - 1]` and `text[at]`; the ends of the text are asked too. */
export type IsBoundary = (text: Characters, at: number) => boolean;

/** In a compiled part: any one character. */
const ANY = -1;

/**
 * A glob: `*` is any number of characters, `?` exactly one; there is no escape. Pattern and text come
 * folded, by the same function. The parts between stars are looked for from left to right, each once and
 * leftmost, never to be looked for again: a match reads at most pattern length × text length characters.
 * Source: appendices, "Glob-style matching".
 */
export class Glob {
  /** What stands before the first star; the whole pattern where there is none. */
  readonly #head: Characters;
  readonly #middle: readonly Characters[];
  /** What stands behind the last star; `undefined` where there is none. */
  readonly #tail: Characters | undefined;
  readonly #minLength: number;

  private constructor(parts: readonly Characters[]) {
    const [head = [], ...others] = parts;
    this.#head = head;
    this.#tail = others.pop();
    this.#middle = others.filter((part) => part.length > 0);
    this.#minLength = parts.reduce((length, part) => length + part.length, 0);
  }

  static compile(pattern: Characters): Glob {
    return new Glob(splitAtStars(pattern));
  }

  /** Matches this text and no other: stars and question marks in it are themselves. */
  static literal(text: Characters): Glob {
    return new Glob([text]);
  }

  /** Whether the whole text matches. */
  matches(text: Characters): boolean {
    const head = this.#head;
    const tail = this.#tail;
    if (text.length < this.#minLength) return false;
    if (tail === undefined) return text.length === head.length && matchesAt(head, text, 0);
    const end = text.length - tail.length;
    if (!matchesAt(head, text, 0) || !matchesAt(tail, text, end)) return false;
    return this.#afterMiddle(text, head.length, end) !== undefined;
  }

  /** Whether any part of the text matches that begins and ends at a boundary. */
  matchesWithin(text: Characters, isBoundary: IsBoundary): boolean {
    const head = this.#head;
    const tail = this.#tail;
    if (text.length < this.#minLength) return false;
    if (tail === undefined) {
      const ends = (at: number): boolean =>
        isBoundary(text, at) && isBoundary(text, at + head.length);
      return find(head, text, 0, text.length, ends) !== undefined;
    }
    const start = find(head, text, 0, text.length, (at) => isBoundary(text, at));
    if (start === undefined) return false;
    const at = this.#afterMiddle(text, start + head.length, text.length);
    if (at === undefined) return false;
    const ends = (found: number): boolean => isBoundary(text, found + tail.length);
    return find(tail, text, at, text.length, ends) !== undefined;
  }

  /** Where the text goes on behind all parts between the stars; `undefined` where one is not found. */
  #afterMiddle(text: Characters, from: number, end: number): number | undefined {
    let at = from;
    for (const part of this.#middle) {
      const found = find(part, text, at, end, anywhere);
      if (found === undefined) return undefined;
      at = found + part.length;
    }
    return at;
  }
}

function splitAtStars(pattern: Characters): Characters[] {
  const parts: number[][] = [[]];
  for (const point of pattern) {
    if (point === STAR) parts.push([]);
    else parts.at(-1)?.push(point === QUESTION_MARK ? ANY : point);
  }
  return parts;
}

/** First place from `from` on where the part stands within `text[0, end)` and `accepts` agrees. */
function find(
  part: Characters,
  text: Characters,
  from: number,
  end: number,
  accepts: (at: number) => boolean,
): number | undefined {
  for (let at = from; at + part.length <= end; at += 1) {
    if (matchesAt(part, text, at) && accepts(at)) return at;
  }
  return undefined;
}

function matchesAt(part: Characters, text: Characters, at: number): boolean {
  return part.every((point, index) => point === ANY || point === text[at + index]);
}

function anywhere(): boolean {
  return true;
}
