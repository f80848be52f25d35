import type { Pdu } from '@hansa/protocol';
import type { EventReader } from '../ports/event-store.ts';
import type { Committed, Readers, Store, Writers } from '../ports/store.ts';
import { SqlAccountReader, SqlAccountWriter } from '../sql/accounts.ts';
import {
  SqlClientTransactionReader,
  SqlClientTransactionWriter,
} from '../sql/client-transactions.ts';
import { SqlDestinationReader, SqlDestinationWriter } from '../sql/destinations.ts';
import { SqlDirectoryReader, SqlDirectoryWriter } from '../sql/directory.ts';
import { SqlEventReader } from '../sql/event-reader.ts';
import { SqlEventWriter } from '../sql/event-writer.ts';
import { SqlKeyReader, SqlKeyWriter } from '../sql/keys.ts';
import { SqlOwnerReader, SqlOwnerWriter } from '../sql/owners.ts';
import { Part } from '../sql/part.ts';
import type { PduCache } from '../sql/pdu-cache.ts';
import { SqlReceiptReader, SqlReceiptWriter } from '../sql/receipts.ts';
import { SqlRoomReader } from '../sql/rooms.ts';
import { SqlRoomWriter } from '../sql/room-writer.ts';
import { integer, type Rows } from '../sql/rows.ts';
import { SqlStageReader, SqlStageWriter } from '../sql/stage.ts';
import { SqlStateReader } from '../sql/state-reader.ts';
import { SqlStateWriter } from '../sql/state-writer.ts';
import type { Queries } from '../sql/tables.ts';
import { SqlThresholdReader, SqlThresholdWriter } from '../sql/thresholds.ts';
import { SqliteAuthGraph } from './auth-graph.ts';
import type { Committer } from './committer.ts';
import type { Connection } from './connection.ts';

export interface SqliteStoreParts {
  readonly committer: Committer;
  readonly reader: Connection;
  readonly queries: Queries;
  readonly pdus: PduCache;
  readonly incarnation: string;
  readonly close: () => void;
}

/** The store over two SQLite connections, one that commits and one that is read. */
export class SqliteStore implements Store {
  readonly readers: Readers;
  readonly incarnation: string;
  readonly #parts: SqliteStoreParts;
  #lastTimeline: number;
  #closed = false;

  constructor(parts: SqliteStoreParts) {
    this.#parts = parts;
    this.readers = openReaders(parts);
    this.incarnation = parts.incarnation;
    this.#lastTimeline = readLastTimeline(parts.reader);
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

/** The table counts what it gave out, so a number is not used again when its timeline is gone. */
function readLastTimeline(reader: Connection): number {
  const row = reader.first(`SELECT seq FROM sqlite_sequence WHERE name = 'state_timelines'`, []);
  return row === undefined ? 0 : integer(row, 'seq');
}

function openReaders({ reader, queries, pdus }: SqliteStoreParts): Readers {
  const rows: Rows = {
    all: async (sql, parameters) => reader.all(sql, parameters ?? []),
    first: async (sql, parameters) => reader.first(sql, parameters ?? []),
  };
  const loadAuthGraph: EventReader['loadAuthGraph'] = async (roomId, rules) =>
    new SqliteAuthGraph(reader, pdus, roomId, rules);
  return {
    position: async () => {
      const row = reader.first('SELECT n FROM sequence', []);
      return row === undefined ? 0 : integer(row, 'n');
    },
    owner: new SqlOwnerReader(rows),
    accounts: new SqlAccountReader(queries),
    directory: new SqlDirectoryReader(queries),
    keys: new SqlKeyReader(queries),
    destinations: new SqlDestinationReader(rows, pdus),
    events: new SqlEventReader(rows, pdus, loadAuthGraph),
    states: new SqlStateReader(rows),
    rooms: new SqlRoomReader(rows),
    stage: new SqlStageReader(rows),
    thresholds: new SqlThresholdReader(rows),
    clientTransactions: new SqlClientTransactionReader(rows),
    receipts: new SqlReceiptReader(rows),
  };
}

function openWriters(part: Part, queries: Queries, written: Pdu[]): Writers {
  return {
    takePosition: () => part.takePosition(),
    owner: new SqlOwnerWriter(part),
    accounts: new SqlAccountWriter(part, queries),
    directory: new SqlDirectoryWriter(part, queries),
    keys: new SqlKeyWriter(part, queries),
    destinations: new SqlDestinationWriter(part),
    events: new SqlEventWriter(part, written),
    states: new SqlStateWriter(part),
    rooms: new SqlRoomWriter(part),
    stage: new SqlStageWriter(part),
    thresholds: new SqlThresholdWriter(part),
    clientTransactions: new SqlClientTransactionWriter(part),
    receipts: new SqlReceiptWriter(part),
  };
}
