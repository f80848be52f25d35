import { isPlainInteger, scanNumber } from './number-token.ts';
import type { JsonPath } from './path.ts';
import { hasEscape, readString, scanString } from './string-token.ts';
import type { TokenFault } from './token-fault.ts';
import { skipSpace } from './white-space.ts';

/** What one pass over the text counts. */
export interface ScanCounts {
  readonly ok: true;
  /** Members of all objects as written, repeated keys included. */
  readonly members: number;
  /** Whether `JSON.parse` reads the text rightly: no number but plain integers within ±(2^53 − 1), no escapes in keys. */
  readonly plain: boolean;
}

/** Why the text is refused, and where. */
export interface ScanFault extends TokenFault {
  readonly ok: false;
  readonly path: JsonPath;
}

export interface ScanOptions {
  readonly maxDepth: number;
  /** Remember every key, to name the first repeated one; else repeated keys are only counted. */
  readonly findRepeatedKeys: boolean;
}

const FAULT = -1;
const NO_KEY_YET = 0;

/**
 * Reads the text once, builds nothing, and holds it to RFC 8259 and to this package's stricter rules (`JSON-4` to `JSON-12`).
 * Work is linear in the text.
 */
export function scanJson(source: string, options: ScanOptions): ScanCounts | ScanFault {
  return new Scanner(source, options).scan();
}

/** Each step takes the offset where its token begins and returns the one after it, or `FAULT` once a fault is noted. */
class Scanner {
  readonly #source: string;
  readonly #maxDepth: number;
  readonly #findRepeatedKeys: boolean;
  #members = 0;
  #plain = true;
  #fault: ScanFault | undefined;
  /** Per open container: offset of the current key's opening quote plus one, or `~index` in an array. */
  readonly #steps: number[] = [];

  constructor(source: string, options: ScanOptions) {
    this.#source = source;
    this.#maxDepth = options.maxDepth;
    this.#findRepeatedKeys = options.findRepeatedKeys;
  }

  scan(): ScanCounts | ScanFault {
    let at = this.#value(skipSpace(this.#source, 0));
    if (at !== FAULT) {
      at = skipSpace(this.#source, at);
      if (at < this.#source.length) this.#refuse('JSON-6', 'text goes on after the value', at);
    }
    return this.#fault ?? { ok: true, members: this.#members, plain: this.#plain };
  }

  #value(at: number): number {
    const code = this.#source.charCodeAt(at);
    if (code === 0x22) return this.#string(at);
    if (code === 0x7b) return this.#object(at);
    if (code === 0x5b) return this.#array(at);
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#number(at);
    if (code === 0x74) return this.#word(at, 'true');
    if (code === 0x66) return this.#word(at, 'false');
    if (code === 0x6e) return this.#word(at, 'null');
    return this.#refuse('JSON-5', 'a value is expected', at);
  }

  #object(start: number): number {
    const { length: depth } = this.#steps;
    if (depth >= this.#maxDepth) return this.#tooDeep(start);
    this.#steps.push(NO_KEY_YET);
    const keys = this.#findRepeatedKeys ? new Set<string>() : undefined;
    let at = skipSpace(this.#source, start + 1);
    if (this.#source.charCodeAt(at) === 0x7d) return this.#close(at);
    for (;;) {
      at = this.#member(at, depth, keys);
      if (at === FAULT) return FAULT;
      at = skipSpace(this.#source, at);
      const code = this.#source.charCodeAt(at);
      if (code === 0x7d) return this.#close(at);
      if (code !== 0x2c) return this.#refuse('JSON-5', '"," or "}" is expected', at);
      this.#steps[depth] = NO_KEY_YET;
      at = skipSpace(this.#source, at + 1);
    }
  }

  #member(start: number, depth: number, keys: Set<string> | undefined): number {
    if (this.#source.charCodeAt(start) !== 0x22) {
      return this.#refuse('JSON-5', 'a key in quotes is expected', start);
    }
    let at = this.#string(start);
    if (at === FAULT) return FAULT;
    this.#steps[depth] = start + 1;
    this.#members += 1;
    if (hasEscape(this.#source, start, at)) this.#plain = false;
    if (keys !== undefined) {
      const key = readString(this.#source, start, at);
      if (keys.has(key)) return this.#refuse('JSON-10', 'the key occurs twice', start);
      keys.add(key);
    }
    at = skipSpace(this.#source, at);
    if (this.#source.charCodeAt(at) !== 0x3a) {
      return this.#refuse('JSON-5', '":" is expected', at);
    }
    return this.#value(skipSpace(this.#source, at + 1));
  }

  #array(start: number): number {
    const { length: depth } = this.#steps;
    if (depth >= this.#maxDepth) return this.#tooDeep(start);
    this.#steps.push(~0);
    let at = skipSpace(this.#source, start + 1);
    if (this.#source.charCodeAt(at) === 0x5d) return this.#close(at);
    for (let index = 0; ; index += 1) {
      this.#steps[depth] = ~index;
      at = this.#value(at);
      if (at === FAULT) return FAULT;
      at = skipSpace(this.#source, at);
      const code = this.#source.charCodeAt(at);
      if (code === 0x5d) return this.#close(at);
      if (code !== 0x2c) return this.#refuse('JSON-5', '"," or "]" is expected', at);
      at = skipSpace(this.#source, at + 1);
    }
  }

  #close(at: number): number {
    this.#steps.pop();
    return at + 1;
  }

  #string(at: number): number {
    const end = scanString(this.#source, at);
    return typeof end === 'number' ? end : this.#refuse(end.rule, end.problem, end.offset);
  }

  #number(at: number): number {
    const end = scanNumber(this.#source, at);
    if (typeof end !== 'number') return this.#refuse(end.rule, end.problem, end.offset);
    if (!isPlainInteger(this.#source, at, end)) this.#plain = false;
    return end;
  }

  #word(at: number, word: string): number {
    if (this.#source.startsWith(word, at)) return at + word.length;
    return this.#refuse('JSON-5', 'a value is expected', at);
  }

  #tooDeep(at: number): number {
    return this.#refuse('JSON-4', `nested deeper than ${this.#maxDepth}`, at);
  }

  #refuse(rule: string, problem: string, offset: number): number {
    const path = this.#steps
      .filter((step) => step !== NO_KEY_YET)
      .map((step) => (step < 0 ? ~step : this.#keyAt(step - 1)));
    this.#fault = { ok: false, rule, problem, offset, path };
    return FAULT;
  }

  #keyAt(start: number): string {
    const end = scanString(this.#source, start);
    return typeof end === 'number' ? readString(this.#source, start, end) : '';
  }
}
