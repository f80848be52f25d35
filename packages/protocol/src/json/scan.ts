import type { JsonPath } from './path.ts';

/** What one pass over the text counts. */
export interface ScanCounts {
  readonly ok: true;
  /** Members of all objects as written, repeated keys included. */
  readonly members: number;
  /** Number tokens that are not plain integers within ±(2^53 − 1). */
  readonly literals: number;
}

/** Why the text is refused, and where. */
export interface ScanFault {
  readonly ok: false;
  readonly rule: string;
  readonly problem: string;
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
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
 * Reads the text once, builds nothing, and holds it to RFC 8259 and to this package's stricter rules (`JSON-…`).
 * Work is linear in the text. Each step takes the offset where its token begins and returns the one after it,
 * or `FAULT` when the fault has been noted.
 */
export function scanJson(source: string, options: ScanOptions): ScanCounts | ScanFault {
  return new Scanner(source, options).scan();
}

class Scanner {
  readonly #source: string;
  readonly #maxDepth: number;
  readonly #findRepeatedKeys: boolean;
  #members = 0;
  #literals = 0;
  #fault: ScanFault | undefined;
  /** Per open container: offset of the current key's first character, or `~index` in an array. */
  readonly #steps: number[] = [];

  constructor(source: string, options: ScanOptions) {
    this.#source = source;
    this.#maxDepth = options.maxDepth;
    this.#findRepeatedKeys = options.findRepeatedKeys;
  }

  scan(): ScanCounts | ScanFault {
    let at = this.#value(this.#space(0));
    if (at !== FAULT) {
      at = this.#space(at);
      if (at < this.#source.length) this.#refuse('JSON-6', 'text goes on after the value', at);
    }
    return this.#fault ?? { ok: true, members: this.#members, literals: this.#literals };
  }

  #value(at: number): number {
    const code = this.#source.charCodeAt(at);
    if (code === 0x22) return this.#string(at);
    if (code === 0x7b) return this.#object(at);
    if (code === 0x5b) return this.#array(at);
    if (code === 0x2d || isDigit(code)) return this.#number(at);
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
    let at = this.#space(start + 1);
    if (this.#source.charCodeAt(at) === 0x7d) return this.#close(at);
    for (;;) {
      if (this.#source.charCodeAt(at) !== 0x22) {
        return this.#refuse('JSON-5', 'a key in quotes is expected', at);
      }
      const key = at;
      at = this.#string(key);
      if (at === FAULT) return FAULT;
      this.#steps[depth] = key + 1;
      this.#members += 1;
      if (keys !== undefined) {
        const name = readString(this.#source, key, at);
        if (keys.has(name)) return this.#refuse('JSON-10', 'key occurs twice', key);
        keys.add(name);
      }
      at = this.#space(at);
      if (this.#source.charCodeAt(at) !== 0x3a) {
        return this.#refuse('JSON-5', '":" is expected', at);
      }
      at = this.#value(this.#space(at + 1));
      if (at === FAULT) return FAULT;
      at = this.#space(at);
      const code = this.#source.charCodeAt(at);
      if (code === 0x7d) return this.#close(at);
      if (code !== 0x2c) return this.#refuse('JSON-5', '"," or "}" is expected', at);
      this.#steps[depth] = NO_KEY_YET;
      at = this.#space(at + 1);
    }
  }

  #array(start: number): number {
    const { length: depth } = this.#steps;
    if (depth >= this.#maxDepth) return this.#tooDeep(start);
    this.#steps.push(~0);
    let at = this.#space(start + 1);
    if (this.#source.charCodeAt(at) === 0x5d) return this.#close(at);
    for (let index = 0; ; index += 1) {
      this.#steps[depth] = ~index;
      at = this.#value(at);
      if (at === FAULT) return FAULT;
      at = this.#space(at);
      const code = this.#source.charCodeAt(at);
      if (code === 0x5d) return this.#close(at);
      if (code !== 0x2c) return this.#refuse('JSON-5', '"," or "]" is expected', at);
      at = this.#space(at + 1);
    }
  }

  #close(at: number): number {
    this.#steps.pop();
    return at + 1;
  }

  #string(start: number): number {
    const source = this.#source;
    let mayBeLone = false;
    for (let at = start + 1; ; at += 1) {
      const code = source.charCodeAt(at);
      if (code > 0x22 && code < 0xd800 && code !== 0x5c) continue;
      if (code === 0x22) {
        if (mayBeLone && !readString(this.#source, start, at + 1).isWellFormed()) {
          return this.#refuse('JSON-9', 'a surrogate stands alone in the string', start);
        }
        return at + 1;
      }
      if (code === 0x5c) {
        at += 1;
        const escape = this.#source.charCodeAt(at);
        if (escape === 0x75) {
          const unit = hexDigits(this.#source, at + 1);
          if (unit === undefined) {
            return this.#refuse('JSON-8', '"\\u" needs four hexadecimal digits', at - 1);
          }
          mayBeLone ||= isSurrogate(unit);
          at += 4;
        } else if (!ESCAPES.has(escape)) {
          return this.#refuse('JSON-8', 'unknown escape in the string', at - 1);
        }
      } else if (code >= 0xd800) {
        mayBeLone ||= isSurrogate(code);
      } else if (!(code >= 0x20)) {
        return at < this.#source.length
          ? this.#refuse('JSON-7', 'control character in the string', at)
          : this.#refuse('JSON-5', 'the string does not end', start);
      }
    }
  }

  #number(start: number): number {
    let at = this.#source.charCodeAt(start) === 0x2d ? start + 1 : start;
    const integer = at;
    at = this.#digits(at);
    if (at === integer) return this.#refuse('JSON-5', 'a digit is expected', at);
    if (at > integer + 1 && this.#source.charCodeAt(integer) === 0x30) {
      return this.#refuse('JSON-5', 'a number begins with a needless zero', integer);
    }
    const integerEnd = at;
    if (this.#source.charCodeAt(at) === 0x2e) {
      const fraction = at + 1;
      at = this.#digits(fraction);
      if (at === fraction) return this.#refuse('JSON-5', 'a digit is expected', at);
    }
    if ((this.#source.charCodeAt(at) | 0x20) === 0x65) {
      const sign = this.#source.charCodeAt(at + 1);
      const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
      at = this.#digits(exponent);
      if (at === exponent) return this.#refuse('JSON-5', 'a digit is expected', at);
    }
    const negativeZero = integer > start && this.#source.charCodeAt(integer) === 0x30;
    if (at === integerEnd && at - integer < 16 && !negativeZero) return at;
    const token = this.#source.slice(start, at);
    if (!isPlainInteger(token)) this.#literals += 1;
    if (at === integerEnd || Number.isFinite(Number(token))) return at;
    return this.#refuse('JSON-12', 'the number is beyond any double', start);
  }

  #digits(at: number): number {
    while (isDigit(this.#source.charCodeAt(at))) at += 1;
    return at;
  }

  #word(at: number, word: string): number {
    if (this.#source.startsWith(word, at)) return at + word.length;
    return this.#refuse('JSON-5', 'a value is expected', at);
  }

  #space(at: number): number {
    for (;;) {
      const code = this.#source.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
      at += 1;
    }
  }

  #tooDeep(at: number): number {
    return this.#refuse('JSON-4', `nested deeper than ${this.#maxDepth}`, at);
  }

  #refuse(rule: string, problem: string, offset: number): number {
    const path = this.#steps
      .filter((step) => step !== NO_KEY_YET)
      .map((step) => (step < 0 ? ~step : keyAt(this.#source, step)));
    this.#fault = { ok: false, rule, problem, offset, path };
    return FAULT;
  }
}

/** `"`, `/`, `\`, b, f, n, r, t. */
const ESCAPES: ReadonlySet<number> = new Set([0x22, 0x2f, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/** Whether a number token stands for itself as a JavaScript integer: no fraction, exponent, `-0`, and exact. */
export function isPlainInteger(token: string): boolean {
  return (
    token.length <= 17 && String(Number(token)) === token && Number.isSafeInteger(Number(token))
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function hexDigits(source: string, at: number): number | undefined {
  const digits = source.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** The string whose quotes are at `start` and before `end`; its escapes must have been checked. */
function readString(source: string, start: number, end: number): string {
  const text = source.slice(start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(source.slice(start, end)) as string) : text;
}

/** The key whose first character is at `start`; its string must have been checked. */
function keyAt(source: string, start: number): string {
  let end = start;
  while (source.charCodeAt(end) !== 0x22) end += source.charCodeAt(end) === 0x5c ? 2 : 1;
  return readString(source, start - 1, end + 1);
}
