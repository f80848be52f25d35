import { LineCounter, parseDocument, visit, type Document } from 'yaml';
import { ConfigError } from './config-error.ts';
import { findOverride, withOverrides, type Override } from './overrides.ts';

/** A path of keys to a setting. */
export type SettingPath = readonly (string | number)[];

/** The text of a configuration file and what overrides it, which knows where each setting stands. */
export class ConfigDocument {
  readonly value: unknown;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;
  readonly #overrides: readonly Override[];

  /** @throws ConfigError where it is not YAML */
  constructor(text: string, file: string, overrides: readonly Override[] = []) {
    this.#file = file;
    this.#overrides = overrides;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    const [mistake] = this.#document.errors;
    if (mistake) throw this.#errorAt(mistake.pos[0], sentenceOf(mistake.message));
    this.value = withOverrides(this.#read(), overrides);
  }

  /** What is wrong with a setting, told where it stands, or the nearest thing around it that does. */
  errorAt(path: SettingPath, what: string, cause?: unknown): ConfigError {
    const override = findOverride(this.#overrides, path);
    if (override !== undefined) return new ConfigError(override.variable, what, cause);
    return this.#errorAt(this.#offsetOf(path), what, cause);
  }

  #read(): unknown {
    try {
      return this.#document.toJS();
    } catch (error) {
      // An alias of nothing, or aliases of aliases that would grow without bound.
      if (!(error instanceof Error)) throw error;
      throw this.#errorAt(this.#offsetOfLooseAlias(), error.message, error);
    }
  }

  #offsetOfLooseAlias(): number {
    let offset = 0;
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return undefined;
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    return offset;
  }

  #errorAt(offset: number, what: string, cause?: unknown): ConfigError {
    const { line, col } = this.#lines.linePos(offset);
    return new ConfigError(`${this.#file}:${line}:${col}`, what, cause);
  }

  #offsetOf(path: SettingPath): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true);
      const range = (node as { range?: readonly [number, number, number] } | undefined)?.range;
      if (range) return range[0];
    }
    return 0;
  }
}

/** The parser's first line, without the place that it names: that stands before what we say already. */
function sentenceOf(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return `${line.replace(/ at line \d+, column \d+:?$/, '')}.`;
}
