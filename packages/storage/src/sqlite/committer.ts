import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';
import type { Committed } from '../ports/store.ts';
import type { Health } from '../sql/health.ts';
import { bindSlots, MAX_PARTS, type Part } from '../sql/part.ts';
import type { Connection } from './connection.ts';
import { nameFault } from './name-fault.ts';

interface Waiting {
  readonly part: Part;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls back once what is running now, and all that it leads to without waiting, is through. */
export type Schedule = (flush: () => void) => void;

/**
 * The only writer. Parts that are ready in the same turn of the event loop become one transaction and share
 * its flush; each is a savepoint, so one that fails is undone alone. Nobody is answered before COMMIT. After a flush that
 * failed nothing more is written: only who opens the file anew can tell what it holds.
 */
export class Committer {
  readonly #connection: Connection;
  readonly #schedule: Schedule;
  readonly #health: Health;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #closed = false;
  #lost: StoreUnavailableError | undefined;

  constructor(connection: Connection, schedule: Schedule, health: Health) {
    this.#connection = connection;
    this.#schedule = schedule;
    this.#health = health;
  }

  submit(part: Part): Promise<Committed> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ part, resolve, reject });
      this.#scheduleFlush();
    });
  }

  /** Commits what is waiting; later parts are refused. */
  close(): void {
    this.#closed = true;
    while (this.#waiting.length > 0) this.#flush();
  }

  #scheduleFlush(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#waiting.length > 0) this.#scheduleFlush();
    });
  }

  #flush(): void {
    const batch = this.#waiting.splice(0, MAX_PARTS);
    if (batch.length === 0) return;
    const answers: (() => void)[] = [];
    try {
      if (this.#lost !== undefined) throw this.#lost;
      this.#connection.execute('BEGIN IMMEDIATE');
      for (const waiting of batch) answers.push(this.#attempt(waiting));
      this.#connection.execute('COMMIT');
    } catch (error) {
      const fault = nameFault(error);
      if (fault instanceof StoreUnavailableError && fault.isFinal) this.#lost = fault;
      this.#rollBack();
      this.#health.failed(fault);
      for (const { reject } of batch) reject(fault);
      return;
    }
    this.#health.stored();
    for (const answer of answers) answer();
  }

  #attempt({ part, resolve, reject }: Waiting): () => void {
    this.#connection.execute('SAVEPOINT part');
    try {
      const committed = this.#execute(part);
      this.#connection.execute('RELEASE part');
      return () => resolve(committed);
    } catch (error) {
      const fault = nameFault(error);
      // The disk is nobody's own fault, and SQLite may have undone the whole transaction already.
      if (fault instanceof StoreUnavailableError) throw fault;
      this.#connection.execute('ROLLBACK TO part; RELEASE part');
      return () => reject(fault);
    }
  }

  #execute(part: Part): Committed {
    const position = part.positions === 0 ? undefined : this.#takePositions(part.positions);
    const firstPosition = position === undefined ? undefined : position - part.positions + 1;
    for (const statement of part.statements) {
      this.#connection.run(statement.sql, bindSlots(statement, firstPosition));
    }
    return { position, firstPosition };
  }

  #takePositions(count: number): number {
    const row = this.#connection.first('UPDATE sequence SET n = n + ? RETURNING n', [count]);
    if (typeof row?.['n'] !== 'number') throw new Error('the sequence row is missing');
    return row['n'];
  }

  #rollBack(): void {
    try {
      this.#connection.execute('ROLLBACK');
    } catch {
      // The transaction did not begin, or the failure has ended it.
    }
  }
}
