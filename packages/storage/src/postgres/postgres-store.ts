import { Kysely } from 'kysely';
import type { Pdu } from '@hansa/protocol';
import type { Committed, Readers, Store, Writers } from '../ports/store.ts';
import { openReaders } from '../sql/open-readers.ts';
import { openWriters } from '../sql/open-writers.ts';
import { Part } from '../sql/part.ts';
import type { Health } from '../sql/health.ts';
import type { PduCache } from '../sql/pdu-cache.ts';
import type { Queries, Tables } from '../sql/tables.ts';
import { loadAuthGraph } from './auth-graph.ts';
import { Committer } from './committer.ts';
import { postgresDialect } from './kysely-dialect.ts';
import type { CommitMark, Lease } from './lease.ts';
import type { Reading, ReadPool } from './read-pool.ts';

export interface PostgresStoreParts {
  readonly lease: Lease;
  readonly begun: CommitMark;
  readonly pool: ReadPool;
  readonly pdus: PduCache;
  readonly incarnation: string;
  readonly health: Health;
}

/** The store over one connection that commits and a pool that is read. */
export class PostgresStore implements Store {
  readonly readers: Readers;
  readonly incarnation: string;
  readonly #committer: Committer;
  readonly #pool: ReadPool;
  readonly #pdus: PduCache;
  readonly #queries: Queries;
  #lastTimeline: number;
  #closing: Promise<void> | undefined;

  constructor({ lease, begun, pool, pdus, incarnation, health }: PostgresStoreParts) {
    this.#pool = pool;
    this.#pdus = pdus;
    this.#queries = queriesOver(pool.rows);
    this.#lastTimeline = begun.lastTimeline;
    this.#committer = new Committer(lease, begun, () => this.#lastTimeline, health);
    this.incarnation = incarnation;
    this.readers = this.#readersOver(pool.rows, (read) =>
      pool.snapshot((rows) => {
        const within: Readers = this.#readersOver(rows, (nested) => nested(within));
        return read(within);
      }),
    );
  }

  async transact(record: (writers: Writers) => void): Promise<Committed> {
    const part = new Part();
    const written: Pdu[] = [];
    record(openWriters(part, this.#queries, written));
    const committed = await this.#committer.submit(part);
    for (const pdu of written) this.#pdus.add(pdu);
    return committed;
  }

  newTimeline(): number {
    this.#lastTimeline += 1;
    return this.#lastTimeline;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#committer.close();
    await this.#pool.close();
  }

  #readersOver(rows: Reading, snapshot: Readers['snapshot']): Readers {
    return openReaders({
      snapshot,
      rows,
      queries: rows === this.#pool.rows ? this.#queries : queriesOver(rows),
      pdus: this.#pdus,
      loadAuthGraph: (roomId, rules, seeds) =>
        loadAuthGraph({ rows, pdus: this.#pdus, roomId, rules }, seeds),
    });
  }
}

function queriesOver(rows: Reading): Queries {
  return new Kysely<Tables>({
    dialect: postgresDialect((sql, parameters) => rows.run(sql, parameters)),
  });
}
