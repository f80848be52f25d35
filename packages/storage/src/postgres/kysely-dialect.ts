import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { SqlValue } from '../sql/part.ts';
import type { Row } from '../sql/rows.ts';

/** Runs a statement; `rowCount` is of those that it changed, where it did. */
export type RunQuery = (
  sql: string,
  parameters: readonly SqlValue[],
) => Promise<{ readonly rows: readonly Row[]; readonly rowCount: number | null }>;

/** Kysely over a way to run statements: its own driver knows neither our values nor what to do in an outage. */
export function postgresDialect(run: RunQuery): Dialect {
  return {
    createDriver: () => new RunningDriver(run),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (database) => new PostgresIntrospector(database),
  };
}

class RunningDriver implements Driver {
  readonly #run: RunQuery;

  constructor(run: RunQuery) {
    this.#run = run;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new RunningConnection(this.#run);
  }

  async beginTransaction(): Promise<void> {
    await this.#run('BEGIN', []);
  }

  async commitTransaction(): Promise<void> {
    await this.#run('COMMIT', []);
  }

  async rollbackTransaction(): Promise<void> {
    await this.#run('ROLLBACK', []);
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class RunningConnection implements DatabaseConnection {
  readonly #run: RunQuery;

  constructor(run: RunQuery) {
    this.#run = run;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#run(sql, parameters as readonly SqlValue[]);
    return {
      rows: rows as unknown as R[],
      ...(rowCount === null ? {} : { numAffectedRows: BigInt(rowCount) }),
    };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are not streamed: they are read in pages');
  }
}
