import { isArray, isObject, type JsonObject, type JsonValue } from '../json/value.ts';

/** Work in steps that do not depend on the machine: members and characters that were looked at. */
export interface Work {
  steps: number;
}

/** The same value, which counts each key that is listed and each member that is read, at any depth. */
export function countedJson<T extends JsonValue>(value: T, work: Work): T {
  if (!isObject(value) && !isArray(value)) return value;
  return new Proxy<JsonObject | readonly JsonValue[]>(value, {
    get(target, key, receiver): unknown {
      work.steps += 1;
      const found = Reflect.get(target, key, receiver) as JsonValue;
      return typeof found === 'function' ? found : countedJson(found, work);
    },
    ownKeys(target) {
      const keys = Reflect.ownKeys(target);
      work.steps += keys.length;
      return keys;
    },
  }) as T;
}

/**
 * A text that counts how many of its characters are looked at, for code that takes it for a `string`. What asks for all of it,
 * as a regular expression does and `Buffer.from`, counts its length.
 */
export class CountedText {
  readonly #text: string;
  readonly #work: Work;

  constructor(text: string, work: Work) {
    this.#text = text;
    this.#work = work;
  }

  get length(): number {
    return this.#text.length;
  }

  charCodeAt(at: number): number {
    this.#work.steps += 1;
    return this.#text.charCodeAt(at);
  }

  charAt(at: number): string {
    this.#work.steps += 1;
    return this.#text.charAt(at);
  }

  /** A plain string, for the characters of which is paid here. */
  slice(start: number, end?: number): string {
    const slice = this.#text.slice(start, end);
    this.#work.steps += slice.length;
    return slice;
  }

  startsWith(word: string, at = 0): boolean {
    this.#work.steps += word.length;
    return this.#text.startsWith(word, at);
  }

  endsWith(word: string): boolean {
    this.#work.steps += word.length;
    return this.#text.endsWith(word);
  }

  toString(): string {
    this.#work.steps += this.#text.length;
    return this.#text;
  }

  valueOf(): string {
    return this.toString();
  }
}

/** The same characters, which count how often one of them is read. */
export function countedCharacters(characters: readonly number[], work: Work): readonly number[] {
  return new Proxy(characters, {
    get(target, key): unknown {
      if (typeof key === 'string' && /^\d+$/.test(key)) work.steps += 1;
      return Reflect.get(target, key);
    },
  });
}
