import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createMemoryDisk } from '@hansa/storage';
import type { Lifetime } from './lifetime.ts';

/** Where a server may crash: around a commit, and before each step by which a media file comes to its place. */
export type CrashPoint =
  | 'before the commit'
  | 'after the commit, untold'
  | 'between commits'
  | 'between media writes';

/** Asked at every crash point of a running server whether that is where it ends. */
export interface CrashPlan {
  reach(point: CrashPoint): boolean;
  /** Ends it when all that this commit leads to without waiting is through. */
  crashSoon(): void;
}

/** What a monitor of the disk is told. */
export interface DiskWatch {
  committed(): void;
}

/** A database that outlives those who open it, as a disk outlives processes. */
export class SimulatedDisk {
  readonly database: DatabaseSync = createMemoryDisk();
  /** Told after each commit of a server, before the server is. */
  readonly watches: DiskWatch[] = [];
  readonly #statements = new Map<string, StatementSync>();

  /** SQLite gives rows in the other order wherever no order was asked for. */
  reverseUnorderedSelects(): void {
    this.database.exec('PRAGMA reverse_unordered_selects = 1');
  }

  /** A handle for one lifetime: it throws once that is over, and a transaction that was open then is undone. */
  openFor(lifetime: Lifetime, plan: CrashPlan): DatabaseSync {
    const { database } = this;
    const handle = {
      exec: (sql: string): void => {
        lifetime.require();
        if (sql === 'COMMIT') this.#commit(lifetime, plan);
        else database.exec(sql);
      },
      prepare: (sql: string): StatementSync => {
        lifetime.require();
        return guard(database.prepare(sql), lifetime);
      },
    };
    // A store prepares and executes, and does nothing else with its database.
    return handle as unknown as DatabaseSync;
  }

  all(sql: string, ...parameters: readonly (string | number)[]): readonly Row[] {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  first(sql: string, ...parameters: readonly (string | number)[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #commit(lifetime: Lifetime, plan: CrashPlan): void {
    if (plan.reach('before the commit')) {
      this.database.exec('ROLLBACK');
      lifetime.end();
    }
    lifetime.require();
    this.database.exec('COMMIT');
    for (const watch of this.watches) watch.committed();
    if (plan.reach('after the commit, untold')) lifetime.end();
    lifetime.require();
    if (plan.reach('between commits')) plan.crashSoon();
  }
}

/** A number is one that JavaScript holds; bytes are read by `textOf`. */
export type Row = Readonly<Record<string, string | number>>;

/** Text of a column that holds it as bytes; empty where there is none. */
export function textOf(row: Row | undefined, column: string): string {
  const value: unknown = row?.[column];
  return value instanceof Uint8Array ? Buffer.from(value).toString() : '';
}

/** Whether a column is empty. */
export function isEmpty(row: Row, column: string): boolean {
  const value: unknown = row[column];
  return value === null;
}

function guard(statement: StatementSync, lifetime: Lifetime): StatementSync {
  const guarded: Pick<StatementSync, 'all' | 'get' | 'run' | 'columns'> = {
    all: (...parameters: readonly never[]) => {
      lifetime.require();
      return statement.all(...parameters);
    },
    get: (...parameters: readonly never[]) => {
      lifetime.require();
      return statement.get(...parameters);
    },
    run: (...parameters: readonly never[]) => {
      lifetime.require();
      return statement.run(...parameters);
    },
    columns: () => {
      lifetime.require();
      return statement.columns();
    },
  };
  return guarded as StatementSync;
}
