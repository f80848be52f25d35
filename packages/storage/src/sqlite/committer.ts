import { ConflictError } from '../ports/conflict-error.ts';
import { DanglingError } from '../ports/dangling-error.ts';
import type { Committed } from '../ports/store.ts';
import { bindSlots, MAX_PARTS, type Part } from '../sql/part.ts';
import type { Connection } from './connection.ts';

interface Waiting {
  readonly part: Part;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls back once what is running now, and all that it leads to without waiting, is through. */
export type Schedule = (flush: () => void) => void;

/**
 * The only writer. Parts that are ready in the same turn of the event loop become one transaction and share
 * its flush; each is a savepoint, so one that fails is undone alone. Nobody is answered before COMMIT.
 */
export class Committer {
  readonly #connection: Connection;
  readonly #schedule: Schedule;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #closed = false;

  constructor(connection: Connection, schedule: Schedule) {
    this.#connection = connection;
    this.#schedule = schedule;
  }

  submit(part: Part): Promise<Committed> {
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
      this.#connection.execute('BEGIN IMMEDIATE');
      for (const waiting of batch) answers.push(this.#attempt(waiting));
      this.#connection.execute('COMMIT');
    } catch (error) {
      this.#rollBack();
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const answer of answers) answer();
  }

  #attempt({ part, resolve, reject }: Waiting): () => void {
    this.#connection.execute('SAVEPOINT part');
    try {
      const committed = this.#execute(part);
      this.#connection.execute('RELEASE part');
      return () => resolve(committed);
    } catch (error) {
      this.#connection.execute('ROLLBACK TO part; RELEASE part');
      return () => reject(nameFault(error));
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

/** Extended result codes of SQLite for a row that exists: SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE. */
const CONFLICTS: ReadonlySet<unknown> = new Set([1555, 2067]);
/** SQLITE_CONSTRAINT_NOTNULL: numbers of rows are looked up by the statement that needs them. */
const DANGLING = 1299;

function nameFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode } = error as { readonly errcode?: unknown };
  if (CONFLICTS.has(errcode)) return new ConflictError(error.message, { cause: error });
  if (errcode === DANGLING) return new DanglingError(error.message, { cause: error });
  return error;
}
