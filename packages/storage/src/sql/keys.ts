import type { KeyId, ServerName } from '@hansa/protocol';
import type { KeyReader, KeyWriter, RemoteKey } from '../ports/key-store.ts';
import type { Recorder } from './part.ts';
import type { Queries } from './tables.ts';

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
}
