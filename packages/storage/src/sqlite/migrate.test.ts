import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, type MigrateOptions } from '../sql/migrate.ts';
import type { Tables } from '../sql/tables.ts';
import { Connection } from './connection.ts';
import { copyDatabase } from './copy-database.ts';
import { sqliteDialect } from './kysely-dialect.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const step = (statement: string) => ({
  up: async (database: Kysely<unknown>) => {
    await sql.raw(statement).execute(database);
  },
});
const ONE = { '0001-one': step('CREATE TABLE one (n INTEGER)') };
const TWO = { ...ONE, '0002-two': step('CREATE TABLE two (n INTEGER)') };
const BROKEN = { ...ONE, '0002-broken': step('CREATE TABLE one (n INTEGER)') };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-migrate-'));
  file = join(folder, 'hansa.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Does the migrations as a version would that has those; answers the tables that there are then. */
async function runVersion(options: MigrateOptions): Promise<readonly unknown[]> {
  using database = new DatabaseSync(file);
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(new Connection(database)) });
  await migrate(kysely, options);
  return database
    .prepare("SELECT name FROM sqlite_master WHERE name IN ('one', 'two') ORDER BY name")
    .all()
    .map((row) => row['name']);
}

describe('a database of an older version', () => {
  it('is brought up to date, once, after whoever wants to copy it', async () => {
    const asked: string[] = [];
    const beforehand = async (next: string) => void asked.push(next);
    expect(await runVersion({ known: ONE, beforehand })).toEqual(['one']);
    expect(asked).toEqual([]);
    for (let run = 0; run < 2; run += 1) {
      expect(await runVersion({ known: TWO, beforehand })).toEqual(['one', 'two']);
    }
    expect(asked).toEqual(['0002-two']);
  });

  it('stays as it is where no copy can be made, and where a step fails', async () => {
    await runVersion({ known: ONE });
    const beforehand = () => Promise.reject(new Error('the disk is full'));
    await expect(runVersion({ known: TWO, beforehand })).rejects.toThrow('the disk is full');
    await expect(runVersion({ known: BROKEN })).rejects.toThrow('cannot be migrated');
    expect(await runVersion({ known: ONE })).toEqual(['one']);
  });
});

it('a database of a newer version is refused, and left alone', async () => {
  await runVersion({ known: TWO });
  await expect(runVersion({ known: ONE })).rejects.toThrow(
    'it was brought to schema 0002-two by a newer version of Hansa',
  );
  expect(await runVersion({ known: TWO })).toEqual(['one', 'two']);
});

it('a store of a newer version is not opened, and let go of', async () => {
  const open = async () => (await openSqliteStore(file)).close();
  await open();
  const change = (statement: string) => {
    using database = new DatabaseSync(file);
    database.exec(statement);
  };
  change("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z')");
  await expect(open()).rejects.toThrow('schema 9999-later by a newer version of Hansa');
  change("DELETE FROM kysely_migration WHERE name = '9999-later'");
  await open();
});

it('a copy holds what the database does, and takes the place of an older one', async () => {
  using database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE one (n INTEGER)');
  const copy = join(folder, 'copy.db');
  for (let n = 1; n < 3; n += 1) {
    database.exec(`INSERT INTO one VALUES (${n})`);
    await copyDatabase(new Connection(database), copy);
    using copied = new DatabaseSync(copy, { readOnly: true });
    expect(copied.prepare('SELECT count(*) AS rows FROM one').get()).toEqual({ rows: n });
  }
  expect(await readdir(folder)).not.toContain('copy.db.part');
});
