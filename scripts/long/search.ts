import type { Tally } from '../test/tally.ts';
import { LANES, nextTurn, type Turn } from './next-turn.ts';
import { advance, begin, formatProgress, type Progress } from './progress.ts';
import { runProperties } from './run-properties.ts';

/** Of a property's first turn, which finds out its goal and how fast it is. */
const FIRST_TURN_S = 1;
/** Between the seeds of two turns: more than a property has seeds of its own, counted up from the one it is given. */
const SEED_STEP = 1_000_000;
/** What `HANSA_SEED` takes. */
const SEEDS = 1_000_000_000;

export interface SearchOptions {
  readonly files: readonly string[];
  readonly seed: number;
  /** By `performance.now()`; `Infinity` where only the goals end it. */
  readonly endsAt: number;
  readonly env: Readonly<Record<string, string>>;
  /** Ends what runs at once. What it cut off has neither failed nor been skipped. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Turns of properties, two at a time, until all have reached their goals or the time is over. */
export class Search {
  readonly #options: SearchOptions;
  readonly #files: string[];
  readonly #waiting: Progress[] = [];
  readonly #cutOff: string[] = [];
  #running: Turn[] = [];
  /** Tests that failed and are no properties, and those that were skipped. */
  #besides = { failed: 0, skipped: 0 };

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#files = [...options.files];
  }

  get properties(): readonly Progress[] {
    return this.#waiting;
  }

  /** Files and properties that the end of the time found at work, or never begun. */
  get cutOff(): readonly string[] {
    return [...this.#cutOff, ...this.#files.map((file) => `${file}: not begun`)];
  }

  get tally(): Tally {
    const failed = this.#waiting.filter((each) => each.failed).length;
    const passed = this.#waiting.filter((each) => !each.failed && each.cases > 0).length;
    const { failed: others, skipped } = this.#besides;
    return { passed, failed: failed + others, skipped };
  }

  async run(): Promise<void> {
    await this.#onEachLane(() => this.#runFirstTurns());
    await this.#onEachLane(() => this.#runTurns());
  }

  async #onEachLane(work: () => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: LANES }, work));
  }

  async #runFirstTurns(): Promise<void> {
    while (this.#leftS() > FIRST_TURN_S) {
      const file = this.#files.shift();
      if (file === undefined) return;
      const seconds = FIRST_TURN_S;
      const result = await runProperties({ ...this.#options, file, seconds });
      if (result === undefined) {
        this.#cutOff.push(`${file}: cut off`);
        continue;
      }
      const { reports, tally } = result;
      this.#waiting.push(...reports.map((report) => begin(file, report, seconds)));
      const failed = reports.filter((report) => report.failed).length;
      this.#besides.failed += Math.max(0, tally.failed - failed);
      this.#besides.skipped += tally.skipped;
      this.#options.print(`${file}: ${reports.length} properties begun`);
    }
  }

  async #runTurns(): Promise<void> {
    while (true) {
      const turn = nextTurn(this.#waiting, this.#running.length, this.#leftS());
      if (turn === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(turn.of), 1);
      this.#running.push(turn);
      this.#waiting.push(await this.#runTurn(turn));
      this.#running = this.#running.filter((each) => each !== turn);
    }
  }

  async #runTurn({ of, seconds }: Turn): Promise<Progress> {
    const { file, name, turns } = of;
    const seed = (this.#options.seed + turns * SEED_STEP) % SEEDS;
    const cases = of.goal - of.cases;
    const startedAt = performance.now();
    const result = await runProperties({ ...this.#options, file, name, cases, seconds, seed });
    const tookS = Math.min(seconds, (performance.now() - startedAt) / 1_000);
    if (result === undefined) {
      this.#cutOff.push(`${name}: cut off in its turn`);
      return of;
    }
    const [report] = result.reports;
    if (report === undefined) this.#options.print(`${name}: said nothing of itself when called`);
    const failed = result.tally.failed > 0 || report === undefined;
    const after = advance(of, { ...(report ?? { name, cases: 0, goal: cases }), failed }, tookS);
    this.#options.print(`${formatProgress(after)} (seed ${seed})`);
    return after;
  }

  #leftS(): number {
    return (this.#options.endsAt - performance.now()) / 1_000;
  }
}
