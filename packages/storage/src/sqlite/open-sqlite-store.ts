import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Store } from '../ports/store.ts';
import { Health, type WatchHealth } from '../sql/health.ts';
import { migrate } from '../sql/migrate.ts';
import { PduCache } from '../sql/pdu-cache.ts';
import { warnOfFault, type ReportFault } from '../sql/report-fault.ts';
import type { Tables } from '../sql/tables.ts';
import { Committer, type Schedule } from './committer.ts';
import { Connection } from './connection.ts';
import { copyDatabase } from './copy-database.ts';
import { readIncarnation } from './incarnation.ts';
import { sqliteDialect } from './kysely-dialect.ts';
import { claimDatabase } from './claim-database.ts';
import { nameOpeningFault } from './name-fault.ts';
import { SqliteStore } from './sqlite-store.ts';

export interface SqliteOptions {
  /** When parts that were handed in are committed; by default at the end of the event loop's turn. */
  readonly schedule?: Schedule;
  /** Told of rows that cannot be read; by default a warning of the process. */
  readonly report?: ReportFault;
  readonly health?: WatchHealth;
  /** Told of the file into which the database was copied before its schema is changed. */
  readonly copied?: (file: string) => void;
  /** Letters and digits that a new database is given as its incarnation; by default random ones. */
  readonly newIncarnation?: string;
}

/** A database in memory. It outlives the stores that are opened on it, as a disk outlives processes. */
export function createMemoryDisk(): DatabaseSync {
  return new DatabaseSync(':memory:');
}

/**
 * Opens or creates a database file, or one in memory, and brings its schema up to date. A file that another
 * process holds is refused, and so is the schema of a newer version. Commits are flushed to the disk before anybody is
 * told.
 */
export async function openSqliteStore(
  location: string | DatabaseSync,
  options: SqliteOptions = {},
): Promise<Store> {
  const files = typeof location === 'string' ? openFiles(location) : shareMemory(location);
  try {
    const migrator = new Kysely<Tables>({ dialect: sqliteDialect(files.writer) });
    await migrate(migrator, {
      beforehand: async (next) => {
        if (typeof location !== 'string') return;
        const copy = `${location}.before-${next}`;
        await copyDatabase(files.writer, copy);
        options.copied?.(copy);
      },
    });
    const queries = new Kysely<Tables>({ dialect: sqliteDialect(files.reader) });
    return new SqliteStore({
      committer: new Committer(
        files.writer,
        options.schedule ?? setImmediate,
        new Health(options.health),
      ),
      reader: files.reader,
      queries,
      pdus: new PduCache(options.report ?? warnOfFault),
      incarnation: readIncarnation(files.writer, options.newIncarnation),
      close: files.close,
    });
  } catch (error) {
    files.close();
    throw nameOpeningFault(error);
  }
}

interface Files {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly close: () => void;
}

function openFiles(path: string): Files {
  const claim = claimDatabase(path);
  try {
    const writer = new DatabaseSync(path);
    // WAL so that readers never wait; FULL so that a commit survives a power cut.
    writer.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // After a flush that failed, the operating system may show frames of the log that are not on the disk. What is
    // acknowledged from now on must not stand behind such a frame, so all of them are written into the database, anew.
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const reader = new DatabaseSync(path, { readOnly: true });
    return {
      writer: new Connection(writer),
      reader: new Connection(reader),
      close() {
        reader.close();
        writer.close();
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw nameOpeningFault(error);
  }
}

/** One connection does: transactions are over before anything else is run. */
function shareMemory(database: DatabaseSync): Files {
  const connection = new Connection(database);
  return { writer: connection, reader: connection, close() {} };
}
