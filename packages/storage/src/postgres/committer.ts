import type { Committed } from '../ports/store.ts';
import type { Health } from '../sql/health.ts';
import { MAX_PARTS, type Part } from '../sql/part.ts';
import { Batch, type Outcome } from './batch.ts';
import { LeaseLostError, type CommitMark, type Lease } from './lease.ts';
import { backOff, isOutage, OutageError, persist } from './outage.ts';

/** Parts that wait, in an outage mostly; more are refused. */
const MAX_WAITING = 10_000;

interface Waiting {
  readonly part: Part;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The only writer. What gathers while a transaction is under way becomes the next one and shares its flush. Nobody is
 * answered before COMMIT is; where the connection is lost while it is under way, the database is asked what became of it.
 */
export class Committer {
  readonly #lease: Lease;
  readonly #lastTimeline: () => number;
  readonly #health: Health;
  #mark: number;
  #position: number;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #closed = false;
  #lost: LeaseLostError | undefined;

  /** `lastTimeline` is the highest number of a state timeline that was given out. */
  constructor(
    lease: Lease,
    { mark, position }: CommitMark,
    lastTimeline: () => number,
    health: Health,
  ) {
    this.#lease = lease;
    this.#lastTimeline = lastTimeline;
    this.#health = health;
    this.#mark = mark;
    this.#position = position;
  }

  submit(part: Part): Promise<Committed> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new OutageError(`${MAX_WAITING} commits wait for the database`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ part, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Commits what is waiting; later parts are refused. In an outage nothing is tried again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#lease.release();
  }

  async #work(): Promise<void> {
    // What the same turn of the event loop hands in comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_PARTS);
      try {
        const outcomes = await this.#commit(batch.map(({ part }) => part));
        this.#note(outcomes);
        for (const [n, waiting] of batch.entries()) tell(waiting, outcomes[n]);
      } catch (error) {
        if (error instanceof LeaseLostError) this.#lost = error;
        this.#health.failed(error);
        for (const { reject } of batch) reject(error);
      }
    }
    this.#working = undefined;
  }

  #note(outcomes: readonly Outcome[]): void {
    const failed = outcomes.find((outcome) => 'error' in outcome);
    if (failed !== undefined) this.#health.failed(failed.error);
    if (outcomes.some((outcome) => 'committed' in outcome)) this.#health.stored();
  }

  /** A transaction that was certainly not committed is begun again. */
  #commit(parts: readonly Part[]): Promise<readonly Outcome[]> {
    return persist(
      async () => {
        if (this.#lease.connection.isLost) {
          // Where it was refused before, what became of the last transaction is learnt only now.
          const { mark, position } = await this.#lease.renew();
          this.#mark = mark;
          this.#position = position;
        }
        return await this.#attempt(parts);
      },
      () => this.#closed,
    );
  }

  /** @throws an outage, and nothing was committed */
  async #attempt(parts: readonly Part[]): Promise<readonly Outcome[]> {
    if (this.#lost !== undefined) throw this.#lost;
    const { connection, epoch } = this.#lease;
    const mark = this.#mark + 1;
    const ending = { mark, epoch, lastTimeline: this.#lastTimeline(), position: this.#position };
    const batch = new Batch(connection, parts, ending);
    const outcomes = await batch.write();
    await this.#end(mark);
    this.#mark = mark;
    this.#position = batch.position;
    return outcomes;
  }

  async #end(mark: number): Promise<void> {
    const { connection } = this.#lease;
    try {
      const { command } = await connection.run('COMMIT');
      if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}`);
    } catch (error) {
      if (!connection.isLost && !isOutage(error)) throw error;
      if ((await this.#findLastMark()) === mark) return;
      throw new OutageError('the connection was lost before the COMMIT', { cause: error });
    }
  }

  /** Asks until it is told, as nobody can be answered before. */
  async #findLastMark(): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await this.#lease.renew()).mark;
      } catch (error) {
        if (!isOutage(error)) throw error;
        if (this.#closed)
          throw new Error('whether it was committed is not known', { cause: error });
        await backOff(attempt);
      }
    }
  }
}

function tell({ resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome === undefined) reject(new Error('a part was lost'));
  else if ('committed' in outcome) resolve(outcome.committed);
  else reject(outcome.error);
}
