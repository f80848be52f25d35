import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

export interface MigrateOptions {
  /** In order of their names; all that there are unless given. */
  readonly known?: Readonly<Record<string, Migration>>;
  /** Waited for before a database that has something in it is changed; told the first migration that it has not. */
  readonly beforehand?: (next: string) => Promise<void>;
}

/** kysely's own, in which it writes down what it did. */
const MIGRATION_TABLE = 'kysely_migration';

/**
 * Brings the schema up to date, in one transaction.
 * @throws Error where a newer version has been at it: nobody knows how to go back
 */
export async function migrate(
  database: Kysely<Tables>,
  { known = migrations, beforehand }: MigrateOptions = {},
): Promise<void> {
  const done = await listDone(database);
  const foreign = done.find((name) => !Object.hasOwn(known, name));
  if (foreign !== undefined) {
    throw new Error(
      `it was brought to schema ${foreign} by a newer version of Hansa, which is not known here: ` +
        `run that version again, or put back the copy that it made beforehand`,
    );
  }
  const next = Object.keys(known).find((name) => !done.includes(name));
  if (next === undefined) return;
  if (done.length > 0) await beforehand?.(next);
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...known }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('the database cannot be migrated', { cause: error });
}

/** Names of migrations, in order. */
async function listDone(database: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return [];
  const rows = await database
    .withTables<{ [MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(MIGRATION_TABLE)
    .select('name')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
