import { randomBytes } from 'node:crypto';
import { Kysely } from 'kysely';
import type { Store } from '../ports/store.ts';
import { Health } from '../sql/health.ts';
import { migrate } from '../sql/migrate.ts';
import { PduCache } from '../sql/pdu-cache.ts';
import { warnOfFault } from '../sql/report-fault.ts';
import { text } from '../sql/rows.ts';
import type { Tables } from '../sql/tables.ts';
import type { Connection } from './connection.ts';
import { copySchema } from './copy-schema.ts';
import { postgresDialect, type RunQuery } from './kysely-dialect.ts';
import { Lease } from './lease.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { PostgresStore } from './postgres-store.ts';
import { ReadPool } from './read-pool.ts';
import { SqlTexts } from './sql-text.ts';

/** Enough for the two cores of a small machine to be busy; each costs the server some megabytes. */
const MAX_READERS = 8;
const INCARNATION_BYTES = 6;

export async function connectStore(options: PostgresOptions): Promise<Store> {
  const { url, ssl, maxReaders = MAX_READERS, report = warnOfFault, copied, health } = options;
  const client = { connectionString: url, ...(ssl === undefined ? {} : { ssl }) };
  const texts = new SqlTexts();
  const [lease, begun] = await Lease.take({ client, texts }, (connection) =>
    migrateOver(connection, copied),
  );
  try {
    const incarnation = await readIncarnation(lease.connection);
    const pool = new ReadPool(client, maxReaders, texts);
    return new PostgresStore({
      lease,
      begun,
      pool,
      pdus: new PduCache(report),
      incarnation,
      health: new Health(health),
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function migrateOver(
  connection: Connection,
  copied: PostgresOptions['copied'],
): Promise<void> {
  const run: RunQuery = (sql, parameters) => connection.run(sql, parameters);
  await migrate(new Kysely<Tables>({ dialect: postgresDialect(run) }), {
    beforehand: async (next) => {
      const copy = `before-${next}`;
      await copySchema(run, copy);
      copied?.(copy);
    },
  });
}

/** The name of this database, given when it was made. */
async function readIncarnation(connection: Connection): Promise<string> {
  const name = randomBytes(INCARNATION_BYTES).toString('hex');
  await connection.run('INSERT INTO incarnations (id, name) VALUES (1, ?) ON CONFLICT DO NOTHING', [
    name,
  ]);
  const [row] = (await connection.run('SELECT name FROM incarnations')).rows;
  if (row === undefined) throw new Error('the database has no incarnation');
  return text(row, 'name');
}
