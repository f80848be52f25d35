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

/** Of pages, where the database has as many: the indexes of some 100,000 events. */
const CACHE_KIBIBYTES = 32 * 1024;

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
  const { connection, close } =
    typeof location === 'string' ? openFile(location) : openMemory(location);
  try {
    const queries = new Kysely<Tables>({ dialect: sqliteDialect(connection) });
    await migrate(queries, {
      beforehand: async (next) => {
        if (typeof location !== 'string') return;
        const copy = `${location}.before-${next}`;
        await copyDatabase(connection, copy);
        options.copied?.(copy);
      },
    });
    return new SqliteStore({
      committer: new Committer(
        connection,
        options.schedule ?? setImmediate,
        new Health(options.health),
      ),
      connection,
      queries,
      pdus: new PduCache(options.report ?? warnOfFault),
      incarnation: readIncarnation(connection, options.newIncarnation),
      close,
    });
  } catch (error) {
    close();
    throw nameOpeningFault(error);
  }
}

/**
 * One connection does: a transaction is over before anything else is run, so nobody reads what is not committed. A second
 * one would read every page anew after each commit.
 */
interface Opened {
  readonly connection: Connection;
  readonly close: () => void;
}

function openFile(path: string): Opened {
  const claim = claimDatabase(path);
  try {
    const database = new DatabaseSync(path);
    // FULL so that a commit survives a power cut.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIBIBYTES}`,
    );
    // After a flush that failed, the operating system may show frames of the log that are not on the disk. What is
    // acknowledged from now on must not stand behind such a frame, so all of them are written into the database, anew.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return {
      connection: new Connection(database),
      close() {
        database.close();
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw nameOpeningFault(error);
  }
}

/** What is in memory stays open, for who opens it next. */
function openMemory(database: DatabaseSync): Opened {
  return { connection: new Connection(database), close() {} };
}
