import { Pool, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import type { SqlValue } from '../sql/part.ts';
import type { Row, Rows } from '../sql/rows.ts';
import { CONNECTION_SETTINGS, toQuery } from './connection.ts';
import { persist } from './outage.ts';
import type { SqlTexts } from './sql-text.ts';

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Who answers a query: the pool, by any of its connections, or one of these. */
interface Answerer {
  query(query: QueryConfig<SqlValue[]>): Promise<QueryResult<Row>>;
}

/** Reading, and running a query that kysely built. */
export interface Reading extends Rows {
  run(sql: string, parameters: readonly SqlValue[]): Promise<QueryResult<Row>>;
}

/** Connections that are read from. In an outage a reader waits and tries again, and fails when that lasts. */
export class ReadPool {
  readonly #pool: Pool;
  readonly #texts: SqlTexts;
  readonly rows: Reading;
  #closed = false;

  constructor(target: ClientConfig, maxConnections: number, texts: SqlTexts) {
    const settings = { ...target, ...CONNECTION_SETTINGS, pipeline: true };
    this.#pool = new Pool({ ...settings, max: maxConnections });
    // Who waits for an answer is told by its promise, and the pool hands out no connection that is lost.
    const ignore = (): void => {};
    this.#pool.on('error', ignore);
    this.#pool.on('connect', (client) => client.on('error', ignore));
    this.#texts = texts;
    const query: Answerer['query'] = (each) => this.#persist(() => this.#pool.query<Row>(each));
    this.rows = readingBy({ query }, texts);
  }

  /** Reads on one connection, as of one moment. Read again from the beginning when that is lost. */
  snapshot<T>(read: (rows: Reading) => Promise<T>): Promise<T> {
    return this.#persist(async () => {
      const client = await this.#pool.connect();
      let isOver = false;
      try {
        await client.query(BEGIN);
        const result = await read(readingBy(client, this.#texts));
        await client.query('COMMIT');
        isOver = true;
        return result;
      } finally {
        client.release(!isOver);
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.end();
  }

  #persist<T>(read: () => Promise<T>): Promise<T> {
    return persist(
      async () => {
        if (this.#closed) throw new Error('the database is closed');
        return await read();
      },
      // The next attempt says so.
      () => false,
    );
  }
}

function readingBy(answerer: Answerer, texts: SqlTexts): Reading {
  const run: Reading['run'] = (sql, parameters) => answerer.query(toQuery(texts, sql, parameters));
  return {
    run,
    all: async (sql, parameters = []) => (await run(sql, parameters)).rows,
    first: async (sql, parameters = []) => (await run(sql, parameters)).rows[0],
  };
}
