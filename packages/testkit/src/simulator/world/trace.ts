import { createHash } from 'node:crypto';

/** Everything that was decided, line by line. The same seed gives the same lines. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #print: ((line: string) => void) | undefined;

  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  note(line: string): void {
    this.#hash.update(line).update('\n');
    this.#print?.(line);
  }

  /** Of all lines so far, as hex. */
  get digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
