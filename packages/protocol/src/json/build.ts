import { isPlainInteger, scanNumber } from './number-token.ts';
import { scanString } from './string-token.ts';
import type { TokenFault } from './token-fault.ts';
import { NumberLiteral } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';
import { skipSpace } from './white-space.ts';

/**
 * The value of a text that `scanJson` has let pass, where `JSON.parse` would get it wrong: it rounds number literals, and V8
 * takes keys with escapes for others that it saw before (https://issues.chromium.org/issues/521080746).
 */
export function buildJson(source: string): JsonValue {
  return new Builder(source).value();
}

/** Reads on from where it stands; knows that the text is right. */
class Builder {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  value(): JsonValue {
    switch (this.#source.charAt(this.#skipSpace())) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        this.#at += 4;
        return true;
      case 'f':
        this.#at += 5;
        return false;
      case 'n':
        this.#at += 4;
        return null;
      default:
        return this.#number();
    }
  }

  #object(): JsonObject {
    const entries: [string, JsonValue][] = [];
    this.#at += 1;
    while (!this.#closes('}')) {
      const key = this.#string();
      this.#skipSpace();
      this.#at += 1;
      entries.push([key, this.value()]);
    }
    return Object.fromEntries(entries);
  }

  #array(): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#at += 1;
    while (!this.#closes(']')) items.push(this.value());
    return items;
  }

  /** Steps over the bracket if it comes next, else over a comma if there is one. */
  #closes(bracket: string): boolean {
    const next = this.#source.charAt(this.#skipSpace());
    if (next === bracket || next === ',') this.#at += 1;
    this.#skipSpace();
    return next === bracket;
  }

  #string(): string {
    return JSON.parse(this.#take(scanString(this.#source, this.#at))) as string;
  }

  #number(): number | NumberLiteral {
    const token = this.#take(scanNumber(this.#source, this.#at));
    return isPlainInteger(token, 0, token.length)
      ? Number(token)
      : new NumberLiteral(JSON.parse(`"${token}"`) as string);
  }

  /** A slice, which keeps the whole text alive: what stays goes through `JSON.parse`, which copies. */
  #take(end: number | TokenFault): string {
    if (typeof end !== 'number') throw new Error(`unchecked JSON: ${end.problem}`);
    const token = this.#source.slice(this.#at, end);
    this.#at = end;
    return token;
  }

  #skipSpace(): number {
    this.#at = skipSpace(this.#source, this.#at);
    return this.#at;
  }
}
