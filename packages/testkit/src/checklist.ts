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
    try {
      const result = await run();
      this.#passed += 1;
      this.#print(`  ok    ${name}`);
      return result;
    } catch (error) {
      this.#failed += 1;
      this.#print(`  FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** The line that every suite of the project ends with. */
  summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
