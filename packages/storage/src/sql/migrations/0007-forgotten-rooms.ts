import { sql, type Kysely } from 'kysely';

/** `pos` is that of the membership that was forgotten: another one is remembered again. */
const statements: readonly string[] = [
  `CREATE TABLE forgotten_rooms (
    user_id TEXT NOT NULL, room_id TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (user_id, room_id)
  ) WITHOUT ROWID`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
