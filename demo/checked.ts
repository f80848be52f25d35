import { Checklist, Latencies } from '@hansa/testkit';

const WHAT_WIDTH = 64;
const NUMBER_WIDTH = 10;

/** A checklist that notes how long what is sent takes to be visible on the other server, and ends with a table of it. */
export class Checked {
  readonly #list: Checklist;
  readonly #print: (line: string) => void;
  readonly #rows: { readonly what: string; hasPassed: boolean; readonly latencies: Latencies }[] =
    [];

  constructor(print: (line: string) => void) {
    this.#print = print;
    this.#list = new Checklist(print);
  }

  /** Answers what the check answers; `undefined` where it failed. What it measures it adds to `latencies`. */
  async check<T>(what: string, run: (latencies: Latencies) => Promise<T>): Promise<T | undefined> {
    const row = { what, hasPassed: false, latencies: new Latencies() };
    this.#rows.push(row);
    return this.#list.check(what, async () => {
      const answer = await run(row.latencies);
      row.hasPassed = true;
      return answer;
    });
  }

  /** Prints the table and the closing line. Answers whether all passed. */
  finish(): boolean {
    this.#print('');
    this.#print(rowText('send to visible on the other server', ['events', 'median', 'p99', '']));
    for (const { what, hasPassed, latencies } of this.#rows) {
      const numbers =
        latencies.count === 0
          ? ['-', '-', '-']
          : [`${latencies.count}`, inWords(latencies, 0.5), inWords(latencies, 0.99)];
      this.#print(rowText(what, [...numbers, hasPassed ? 'ok' : 'FAIL']));
    }
    this.#print('');
    this.#print(this.#list.summary());
    return !this.#list.hasFailed;
  }
}

function rowText(what: string, cells: readonly string[]): string {
  const numbers = cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join('');
  return `  ${what.padEnd(WHAT_WIDTH)}${numbers}`.trimEnd();
}

function inWords(latencies: Latencies, share: number): string {
  return `${latencies.quantile(share).toFixed(1)} ms`;
}
