import { sql, type Kysely } from 'kysely';

/** The event that an extra is, where it is another than that at the extra's position. */
const statements: readonly string[] = ['ALTER TABLE outbox_extras ADD COLUMN event INTEGER'];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
