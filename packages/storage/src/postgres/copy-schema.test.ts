import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, PostgresCluster } from '../testing/postgres-cluster.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const programs = findPostgres();
const COPY = 'before-0004-receipts';

describe.skipIf(programs === undefined)('a PostgreSQL database of an older version', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await PostgresCluster.start(programs ?? '');
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  /** As it was before the table of receipts came, and all that came later, with a number given and taken back. */
  async function olderDatabase(): Promise<string> {
    const url = await cluster.createDatabase();
    await (await openPostgresStore({ url })).close();
    await cluster.query(
      url,
      `DROP TABLE receipts, key_documents, forgotten_rooms; DROP INDEX outbox_extras_by_pos;
       DELETE FROM kysely_migration WHERE name >= '0004';
       INSERT INTO state_timelines (room, depth) VALUES (7, 0), (8, 0);
       DELETE FROM state_timelines WHERE room = 8`,
    );
    return url;
  }

  it('is copied, then changed', async () => {
    const url = await olderDatabase();
    const copies: string[] = [];
    const open = () => openPostgresStore({ url, copied: (schema) => copies.push(schema) });
    for (let start = 0; start < 2; start += 1) await (await open()).close();
    expect(copies).toEqual([COPY]);
    expect(await cluster.query(url, 'SELECT count(*) AS n FROM receipts')).toEqual([{ n: '0' }]);
    await expect(cluster.query(url, `SELECT 1 FROM "${COPY}".receipts`)).rejects.toThrow(
      'does not exist',
    );
  });

  it('can be gone back to: the copy takes its place, and gives no number twice', async () => {
    const url = await olderDatabase();
    await (await openPostgresStore({ url })).close();
    await cluster.query(url, `DROP SCHEMA public CASCADE; ALTER SCHEMA "${COPY}" RENAME TO public`);
    await cluster.query(url, 'INSERT INTO state_timelines (room, depth) VALUES (9, 0)');
    expect(await cluster.query(url, 'SELECT t, room FROM state_timelines ORDER BY t')).toEqual([
      { t: '1', room: '7' },
      { t: '3', room: '9' },
    ]);
    await (await openPostgresStore({ url })).close();
  });

  it('stays as it is where it cannot be copied', async () => {
    const url = await olderDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE ROLE poor LOGIN');
    await client.query('GRANT ALL ON ALL TABLES IN SCHEMA public TO poor');
    await client.end();
    const poor = url.replace('//hansa@', '//poor@');
    await expect(openPostgresStore({ url: poor })).rejects.toThrow('permission denied');
    await expect(cluster.query(url, 'SELECT 1 FROM receipts')).rejects.toThrow('does not exist');
  });
});
