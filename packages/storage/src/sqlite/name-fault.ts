import { ConflictError } from '../ports/conflict-error.ts';
import { DanglingError } from '../ports/dangling-error.ts';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';

/** Extended result codes of SQLite for a row that exists: SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE. */
const CONFLICTS: ReadonlySet<unknown> = new Set([1555, 2067]);
/** SQLITE_CONSTRAINT_NOTNULL: numbers of rows are looked up by the statement that needs them. */
const DANGLING = 1299;
/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC. */
const FLUSH_FAILURES: ReadonlySet<number> = new Set([1034, 1290]);
/** The low byte of a result code is its kind: SQLITE_IOERR and SQLITE_FULL. */
const KIND = 0xff;
const IO_ERROR = 10;
const FULL = 13;

/** What failed a part or a commit, as the ports name it. Source: sqlite.org/rescode.html. */
export function nameFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode } = error as { readonly errcode?: unknown };
  if (CONFLICTS.has(errcode)) return new ConflictError(error.message, { cause: error });
  if (errcode === DANGLING) return new DanglingError(error.message, { cause: error });
  return typeof errcode === 'number' ? (diskFault(errcode, error) ?? error) : error;
}

/** What kept a database from being opened: where the disk did, at whichever step, that. */
export function nameOpeningFault(error: unknown): unknown {
  for (let fault = error; fault instanceof Error; fault = fault.cause) {
    const named = nameFault(fault);
    if (named instanceof StoreUnavailableError) return named;
  }
  return error;
}

function diskFault(errcode: number, cause: Error): StoreUnavailableError | undefined {
  if (FLUSH_FAILURES.has(errcode)) {
    // The operating system forgets what it could not write, so that the next flush may succeed without it.
    const message =
      'the disk did not take what was flushed to it, so what is on it is not known: nothing is stored any more. ' +
      'Look at the disk (dmesg, SMART), then start again';
    return new StoreUnavailableError(message, { isFinal: true, cause });
  }
  const kind = errcode & KIND;
  if (kind === FULL) {
    const message =
      'the disk that holds the database is full: nothing is stored until there is space. Free some, ' +
      'or move the data to a larger disk';
    return new StoreUnavailableError(message, { cause });
  }
  if (kind !== IO_ERROR) return undefined;
  const message = `the database could not be read or written (${cause.message}, code ${errcode}): look whether the disk that holds it is full, or fails`;
  return new StoreUnavailableError(message, { cause });
}
