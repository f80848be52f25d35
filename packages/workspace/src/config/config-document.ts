import { LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigError } from './config-error.ts';

/** A path of keys to a setting. */
export type SettingPath = readonly (string | number)[];

/** The text of a configuration file, which knows where each setting stands. */
export class ConfigDocument {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /** @throws ConfigError where it is not YAML */
  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    const [mistake] = this.#document.errors;
    if (mistake) throw this.#errorAt(mistake.pos[0], mistake.message.split('\n')[0] ?? 'not YAML');
  }

  get value(): unknown {
    const value: unknown = this.#document.toJS();
    return value;
  }

  /** What is wrong with a setting, told where it stands, or the nearest thing around it that does. */
  errorAt(path: SettingPath, what: string, cause?: unknown): ConfigError {
    return this.#errorAt(this.#offsetOf(path), what, cause);
  }

  #errorAt(offset: number, what: string, cause?: unknown): ConfigError {
    const { line, col } = this.#lines.linePos(offset);
    return new ConfigError({ file: this.#file, line, column: col }, what, cause);
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
