import { sql, type Kysely } from 'kysely';

/**
 * Who commits, and what it committed last. Of databases that are reached over a connection, which may break while a
 * COMMIT is under way; elsewhere nothing writes the row. `epoch` counts the processes that took the database over.
 */
const statements: readonly string[] = [
  `CREATE TABLE commit_marks (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, mark INTEGER NOT NULL,
    last_timeline INTEGER NOT NULL
  )`,
  `INSERT INTO commit_marks (id, epoch, mark, last_timeline) VALUES (1, 0, 0, 0)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
