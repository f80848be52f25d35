import { sql, type Kysely } from 'kysely';

/** A row for each address; the file is found by the hash, which several may share. `uploader` is null for other servers'. */
const statements: readonly string[] = [
  `CREATE TABLE media (
    server TEXT NOT NULL, media_id TEXT NOT NULL, hash TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    content_type TEXT NOT NULL, image_type TEXT, file_name TEXT, uploader TEXT, created_at INTEGER NOT NULL,
    PRIMARY KEY (server, media_id)
  ) WITHOUT ROWID`,
  `CREATE INDEX media_by_hash ON media (hash)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
