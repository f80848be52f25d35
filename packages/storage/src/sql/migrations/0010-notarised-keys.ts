import { sql, type Kysely } from 'kysely';

/** What others told us of the keys of servers that did not answer; `notary` is who told. Never mixed with what those said themselves. */
const statements: readonly string[] = [
  `CREATE TABLE notarised_keys (
    server TEXT PRIMARY KEY, notary TEXT NOT NULL, json BLOB NOT NULL, fetched_at INTEGER NOT NULL
  )`,
  `CREATE INDEX notarised_keys_by_age ON notarised_keys (fetched_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
