import type { RunQuery } from './kysely-dialect.ts';
import { text } from '../sql/rows.ts';

const COLUMNS = `SELECT c.table_name, c.column_name FROM information_schema.columns c
  WHERE c.table_schema = current_schema() AND c.is_identity = 'YES'`;

/**
 * Copies every table of the schema that we are in, with its rows, indexes and the numbers that it gives next, into
 * another schema of the same database, in place of what was there: whole or not at all. `run` is of one connection, and
 * nobody else may write meanwhile.
 */
export async function copySchema(run: RunQuery, target: string): Promise<void> {
  await run('BEGIN', []);
  try {
    const schema = quote(target);
    await run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`, []);
    await run(`CREATE SCHEMA ${schema}`, []);
    const tables = await run(
      'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
      [],
    );
    for (const row of tables.rows) {
      const table = quote(text(row, 'tablename'));
      await run(`CREATE TABLE ${schema}.${table} (LIKE ${table} INCLUDING ALL)`, []);
      await run(`INSERT INTO ${schema}.${table} SELECT * FROM ${table}`, []);
    }
    for (const row of (await run(COLUMNS, [])).rows) {
      await continueNumbers(run, schema, text(row, 'table_name'), text(row, 'column_name'));
    }
    await run('COMMIT', []);
  } catch (error) {
    await run('ROLLBACK', []);
    throw error;
  }
}

/** Numbers that were given once are never given again, in the copy neither. */
async function continueNumbers(
  run: RunQuery,
  schema: string,
  table: string,
  column: string,
): Promise<void> {
  const sequences = await run(
    'SELECT pg_get_serial_sequence(?, ?) AS own, pg_get_serial_sequence(?, ?) AS copied',
    [quote(table), column, `${schema}.${quote(table)}`, column],
  );
  for (const row of sequences.rows) {
    const own = text(row, 'own');
    await run(`SELECT setval(?::regclass, last_value, is_called) FROM ${own}`, [
      text(row, 'copied'),
    ]);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
