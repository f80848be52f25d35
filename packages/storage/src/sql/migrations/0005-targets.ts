import { sql, type Kysely } from 'kysely';

/** For whom an event is due to besides the servers of its room. */
const statements: readonly string[] = [
  `CREATE INDEX outbox_extras_by_pos ON outbox_extras (pos, server)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
