import { sql, type Kysely } from 'kysely';

/** `thread` is empty for a receipt of the whole room. */
const statements: readonly string[] = [
  `CREATE TABLE receipts (
    room INTEGER NOT NULL, user_id TEXT NOT NULL, type TEXT NOT NULL, thread TEXT NOT NULL,
    event_id TEXT NOT NULL, ts INTEGER NOT NULL, pos INTEGER NOT NULL,
    PRIMARY KEY (room, user_id, type, thread)
  ) WITHOUT ROWID`,
  `CREATE INDEX receipts_by_pos ON receipts (room, pos)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
