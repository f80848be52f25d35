import type { Pdu } from '@hansa/protocol';
import type { Committed, Readers, Store, Writers } from '../ports/store.ts';
import { openReaders } from '../sql/open-readers.ts';
import { openWriters } from '../sql/open-writers.ts';
import { Part } from '../sql/part.ts';
import type { PduCache } from '../sql/pdu-cache.ts';
import { integer, type Rows } from '../sql/rows.ts';
import type { Queries } from '../sql/tables.ts';
import { SqliteAuthGraph } from './auth-graph.ts';
import type { Committer } from './committer.ts';
import type { Connection } from './connection.ts';

export interface SqliteStoreParts {
  readonly committer: Committer;
  readonly connection: Connection;
  readonly queries: Queries;
  readonly pdus: PduCache;
  readonly incarnation: string;
  readonly close: () => void;
}

/** The store over SQLite. */
export class SqliteStore implements Store {
  readonly readers: Readers;
  readonly incarnation: string;
  readonly #parts: SqliteStoreParts;
  #lastTimeline: number;
  #closed = false;

  constructor(parts: SqliteStoreParts) {
    const { connection, queries, pdus } = parts;
    this.#parts = parts;
    this.readers = openReaders({
      // The committer waits for the event loop's next turn, and all that was read is there in this one.
      snapshot: (read) => read(this.readers),
      rows: rowsOf(connection),
      queries,
      pdus,
      loadAuthGraph: async (roomId, rules) => new SqliteAuthGraph(connection, pdus, roomId, rules),
    });
    this.incarnation = parts.incarnation;
    this.#lastTimeline = readLastTimeline(connection);
  }

  async transact(record: (writers: Writers) => void): Promise<Committed> {
    const part = new Part();
    const written: Pdu[] = [];
    record(openWriters(part, this.#parts.queries, written));
    const committed = await this.#parts.committer.submit(part);
    for (const pdu of written) this.#parts.pdus.add(pdu);
    return committed;
  }

  newTimeline(): number {
    this.#lastTimeline += 1;
    return this.#lastTimeline;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.committer.close();
    this.#parts.close();
  }
}

function rowsOf(connection: Connection): Rows {
  return {
    all: async (sql, parameters) => connection.all(sql, parameters ?? []),
    first: async (sql, parameters) => connection.first(sql, parameters ?? []),
  };
}

/** The table counts what it gave out, so a number is not used again when its timeline is gone. */
function readLastTimeline(connection: Connection): number {
  const row = connection.first(
    `SELECT seq FROM sqlite_sequence WHERE name = 'state_timelines'`,
    [],
  );
  return row === undefined ? 0 : integer(row, 'seq');
}
