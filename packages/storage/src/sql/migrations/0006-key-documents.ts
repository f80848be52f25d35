import { sql, type Kysely } from 'kysely';

/** What servers said of their keys, as they signed it. */
const statements: readonly string[] = [
  `CREATE TABLE key_documents (
    server TEXT PRIMARY KEY, json BLOB NOT NULL, valid_until_ts INTEGER NOT NULL, fetched_at INTEGER NOT NULL
  )`,
  `CREATE INDEX key_documents_by_age ON key_documents (fetched_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
