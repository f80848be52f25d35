import type { KeyId, ServerName } from '@hansa/protocol';
import type { Owner, OwnerReader, OwnerWriter } from '../ports/owner-store.ts';
import type { Recorder } from './part.ts';
import { text, type Rows } from './rows.ts';

export class SqlOwnerReader implements OwnerReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async find(): Promise<Owner | undefined> {
    const row = await this.#rows.first('SELECT server_name, key_id, public_key FROM owners');
    if (row === undefined) return undefined;
    return {
      serverName: text(row, 'server_name') as ServerName,
      keyId: text(row, 'key_id') as KeyId,
      publicKey: text(row, 'public_key'),
    };
  }
}

export class SqlOwnerWriter implements OwnerWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  put({ serverName, keyId, publicKey }: Owner): void {
    this.#part.record(
      `INSERT INTO owners (id, server_name, key_id, public_key) VALUES (1, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET server_name = excluded.server_name, key_id = excluded.key_id,
         public_key = excluded.public_key`,
      [serverName, keyId, publicKey],
    );
  }
}
