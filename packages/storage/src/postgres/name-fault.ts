import { DatabaseError } from 'pg';
import { ConflictError } from '../ports/conflict-error.ts';
import { DanglingError } from '../ports/dangling-error.ts';

/** SQLSTATE of a row that exists, and of a column that may not be empty: numbers of rows are looked up where needed. */
const UNIQUE_VIOLATION = '23505';
const NOT_NULL_VIOLATION = '23502';

/** What failed a part, as the ports name it. */
export function nameFault(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === UNIQUE_VIOLATION) return new ConflictError(error.message, { cause: error });
  if (error.code === NOT_NULL_VIOLATION) return new DanglingError(error.message, { cause: error });
  return error;
}
