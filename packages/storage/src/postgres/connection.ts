import { Client, type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import type { SqlValue } from '../sql/part.ts';
import type { Row } from '../sql/rows.ts';
import type { SqlTexts } from './sql-text.ts';
import { columnTypes, toParameters } from './values.ts';

/** To get a connection, and to find out that one is dead on which nothing is said. */
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 10_000;

/** What every connection of ours is like. */
export const CONNECTION_SETTINGS: ClientConfig = {
  types: columnTypes,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
};

/** A statement of ours as the driver takes it. */
export function toQuery(
  texts: SqlTexts,
  sql: string,
  parameters: readonly SqlValue[],
): QueryConfig<SqlValue[]> {
  const { text, name } = texts.prepare(sql);
  return { text, values: toParameters(parameters), ...(name === undefined ? {} : { name }) };
}

/** The connection that writes. Statements are sent at once, one behind the other, without waiting for answers. */
export class Connection {
  readonly #client: Client;
  readonly #texts: SqlTexts;
  #lost = false;

  private constructor(client: Client, texts: SqlTexts) {
    this.#client = client;
    this.#texts = texts;
    const lose = (): void => {
      this.#lost = true;
    };
    // Whoever waits for an answer is told by its promise.
    client.on('error', lose);
    client.on('end', lose);
  }

  static async open(target: ClientConfig, texts: SqlTexts): Promise<Connection> {
    const client = new Client({ ...target, ...CONNECTION_SETTINGS, pipeline: true });
    const connection = new Connection(client, texts);
    await client.connect();
    return connection;
  }

  /** It will never answer again. */
  get isLost(): boolean {
    return this.#lost;
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<QueryResult<Row>> {
    return this.#client.query<Row>(toQuery(this.#texts, sql, parameters));
  }

  async end(): Promise<void> {
    await this.#client.end();
  }
}
