import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqlValue } from '../sql/part.ts';
import type { Row } from '../sql/rows.ts';

/** Texts are few and fixed but for a handful with lists of varying length. */
const MAX_STATEMENTS = 500;

/** A database handle whose prepared statements are kept. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  all(sql: string, parameters: readonly SqlValue[]): readonly Row[] {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  first(sql: string, parameters: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  run(sql: string, parameters: readonly SqlValue[]): { readonly changes: number } {
    const { changes } = this.#prepare(sql).run(...parameters);
    return { changes: Number(changes) };
  }

  /** Whether the statement answers with rows. */
  answers(sql: string): boolean {
    return this.#prepare(sql).columns().length > 0;
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined && this.#statements.size >= MAX_STATEMENTS) {
      this.#statements.delete(oldest);
    }
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
