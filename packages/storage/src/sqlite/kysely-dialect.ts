import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { SqlValue } from '../sql/part.ts';
import type { Connection } from './connection.ts';

/** Kysely over one `node:sqlite` connection of ours; its own dialect expects another library. */
export function sqliteDialect(connection: Connection): Dialect {
  return {
    createDriver: () => new ConnectionDriver(connection),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalAdapter(),
    createIntrospector: (database) => new SqliteIntrospector(database),
  };
}

/** SQLite undoes changes of the schema as it does all others, so migrations run in one transaction. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ConnectionDriver implements Driver {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new KyselyConnection(this.#connection);
  }

  async beginTransaction(): Promise<void> {
    this.#connection.execute('BEGIN IMMEDIATE');
  }

  async commitTransaction(): Promise<void> {
    this.#connection.execute('COMMIT');
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.execute('ROLLBACK');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class KyselyConnection implements DatabaseConnection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters as readonly SqlValue[];
    if (this.#connection.answers(sql)) {
      return { rows: this.#connection.all(sql, values) as unknown as R[] };
    }
    const { changes } = this.#connection.run(sql, values);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are not streamed from SQLite: they are read in pages');
  }
}
