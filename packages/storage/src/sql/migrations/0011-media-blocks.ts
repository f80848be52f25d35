import { sql, type Kysely } from 'kysely';

/**
 * What must not be shown, by hash and apart from media: it holds when those are gone, and for their next address. The
 * index answers how much somebody has uploaded, from itself alone.
 */
const statements: readonly string[] = [
  `CREATE TABLE media_blocks (
    hash TEXT PRIMARY KEY, blocked_by TEXT NOT NULL, reason TEXT, blocked_at INTEGER NOT NULL
  )`,
  `CREATE INDEX media_by_uploader ON media (uploader, created_at, size_bytes)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
