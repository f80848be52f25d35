import { sql, type Kysely } from 'kysely';

/** For what is forgotten by its age, and for who refused an event. */
const statements: readonly string[] = [
  `CREATE INDEX client_transactions_by_age ON client_transactions (at)`,
  `CREATE INDEX delivery_refusals_by_age ON delivery_refusals (at)`,
  `CREATE INDEX delivery_refusals_by_pos ON delivery_refusals (pos)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
