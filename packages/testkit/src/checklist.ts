/** A check that takes longer says so, and again each time as much has passed. */
const PATIENCE_MS = 5_000;

/** Named checks, run one after another; what fails is told and the rest goes on. */
export class Checklist {
  readonly #print: (line: string) => void;
  #passed = 0;
  #failed = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  get hasFailed(): boolean {
    return this.#failed > 0;
  }

  /** Answers what the check answers; `undefined` where it failed. */
  async check<T>(name: string, run: () => Promise<T>): Promise<T | undefined> {
    const startedAt = performance.now();
    const waiting = setInterval(() => {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      this.#print(`  …     ${name} (${seconds} s so far)`);
    }, PATIENCE_MS);
    try {
      const result = await run();
      this.#passed += 1;
      this.#print(`  ok    ${name}`);
      return result;
    } catch (error) {
      this.#failed += 1;
      this.#print(`  FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    } finally {
      clearInterval(waiting);
    }
  }

  /** The line that every suite of the project ends with. */
  summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
