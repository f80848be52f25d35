import { DatabaseError } from 'pg';
import { ConflictError } from '../ports/conflict-error.ts';
import { DanglingError } from '../ports/dangling-error.ts';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';

/** SQLSTATE of a row that exists, and of a column that may not be empty: numbers of rows are looked up where needed. */
const UNIQUE_VIOLATION = '23505';
const NOT_NULL_VIOLATION = '23502';
/** disk_full, io_error. */
const DISK_FAULTS: ReadonlySet<string | undefined> = new Set(['53100', '58030']);

/** What failed a part, as the ports name it. */
export function nameFault(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === UNIQUE_VIOLATION) return new ConflictError(error.message, { cause: error });
  if (error.code === NOT_NULL_VIOLATION) return new DanglingError(error.message, { cause: error });
  if (DISK_FAULTS.has(error.code)) {
    const message = `PostgreSQL's disk does not take what is written (${error.message}): make space, or look at the disk`;
    return new StoreUnavailableError(message, { cause: error });
  }
  return error;
}
