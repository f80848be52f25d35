import { sql } from 'kysely';
import type { KeyId, ServerName } from '@hansa/protocol';
import type {
  KeyDocument,
  KeyFailure,
  KeyReader,
  KeyWriter,
  NotarisedKeys,
  RemoteKey,
} from '../ports/key-store.ts';
import { objectOf, toBytes } from './json-bytes.ts';
import type { Recorder } from './part.ts';
import type { Queries } from './tables.ts';

/** Servers that do not tell their keys, those whose documents are kept, and those whose keys a notary told. */
const MAX_SERVERS = 10_000;
/** Of those beyond, deleted when one is added: more than that never are. */
const TRIMMED_AT_ONCE = 10;

export class SqlKeyReader implements KeyReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async listKeys(server: ServerName): Promise<readonly RemoteKey[]> {
    const rows = await this.#queries
      .selectFrom('remote_keys')
      .selectAll()
      .where('server', '=', server)
      .orderBy('key_id')
      .execute();
    return rows.map((row) => ({
      server,
      keyId: row.key_id as KeyId,
      publicKey: row.public_key,
      validUntilTs: row.valid_until_ts,
      expiredTs: row.expired_ts ?? undefined,
      fetchedAt: row.fetched_at,
    }));
  }

  async findKeyDocument(server: ServerName): Promise<KeyDocument | undefined> {
    const row = await this.#queries
      .selectFrom('key_documents')
      .selectAll()
      .where('server', '=', server)
      .executeTakeFirst();
    return (
      row && {
        server,
        document: objectOf(row.json),
        validUntilTs: row.valid_until_ts,
        fetchedAt: row.fetched_at,
      }
    );
  }

  async findNotarisedKeys(server: ServerName): Promise<NotarisedKeys | undefined> {
    const row = await this.#queries
      .selectFrom('notarised_keys')
      .selectAll()
      .where('server', '=', server)
      .executeTakeFirst();
    return (
      row && {
        server,
        notary: row.notary as ServerName,
        document: objectOf(row.json),
        fetchedAt: row.fetched_at,
      }
    );
  }

  async findKeyFailure(server: ServerName): Promise<KeyFailure | undefined> {
    const row = await this.#queries
      .selectFrom('key_failures')
      .selectAll()
      .where('server', '=', server)
      .executeTakeFirst();
    return row && { server, count: row.failures, retryAt: row.retry_at };
  }
}

export class SqlKeyWriter implements KeyWriter {
  readonly #part: Recorder;
  readonly #queries: Queries;

  constructor(part: Recorder, queries: Queries) {
    this.#part = part;
    this.#queries = queries;
  }

  putKeys(keys: readonly RemoteKey[]): void {
    for (const key of keys) {
      const columns = {
        public_key: key.publicKey,
        valid_until_ts: key.validUntilTs,
        expired_ts: key.expiredTs ?? null,
        fetched_at: key.fetchedAt,
      };
      this.#part.recordQuery(
        this.#queries
          .insertInto('remote_keys')
          .values({ server: key.server, key_id: key.keyId, ...columns })
          .onConflict((conflict) => conflict.columns(['server', 'key_id']).doUpdateSet(columns))
          .compile(),
      );
    }
  }

  putKeyDocument({ server, document, validUntilTs, fetchedAt }: KeyDocument): void {
    const columns = {
      json: toBytes(document),
      valid_until_ts: validUntilTs,
      fetched_at: fetchedAt,
    };
    this.#part.recordQuery(
      this.#queries
        .insertInto('key_documents')
        .values({ server, ...columns })
        .onConflict((conflict) => conflict.column('server').doUpdateSet(columns))
        .compile(),
    );
    this.#trim('key_documents', 'fetched_at');
  }

  putNotarisedKeys({ server, notary, document, fetchedAt }: NotarisedKeys): void {
    const columns = { notary, json: toBytes(document), fetched_at: fetchedAt };
    this.#part.recordQuery(
      this.#queries
        .insertInto('notarised_keys')
        .values({ server, ...columns })
        .onConflict((conflict) => conflict.column('server').doUpdateSet(columns))
        .compile(),
    );
    this.#trim('notarised_keys', 'fetched_at');
  }

  deleteNotarisedKeys(server: ServerName): void {
    this.#part.recordQuery(
      this.#queries.deleteFrom('notarised_keys').where('server', '=', server).compile(),
    );
  }

  putKeyFailure({ server, count, retryAt }: KeyFailure): void {
    const columns = { failures: count, retry_at: retryAt };
    this.#part.recordQuery(
      this.#queries
        .insertInto('key_failures')
        .values({ server, ...columns })
        .onConflict((conflict) => conflict.column('server').doUpdateSet(columns))
        .compile(),
    );
    this.#trim('key_failures', 'retry_at');
  }

  deleteKeyFailure(server: ServerName): void {
    this.#part.recordQuery(
      this.#queries.deleteFrom('key_failures').where('server', '=', server).compile(),
    );
  }

  /** Of more servers than `MAX_SERVERS`, those with the lowest `by` go. */
  #trim(
    table: 'key_documents' | 'notarised_keys' | 'key_failures',
    by: 'fetched_at' | 'retry_at',
  ): void {
    this.#part.recordQuery(
      this.#queries
        .deleteFrom(table)
        .where('server', 'in', (rows) =>
          rows
            .selectFrom(table)
            .select('server')
            .orderBy(sql.ref(by), 'desc')
            .limit(TRIMMED_AT_ONCE)
            .offset(MAX_SERVERS),
        )
        .compile(),
    );
  }
}
