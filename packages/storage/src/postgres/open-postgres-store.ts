import type { ClientConfig } from 'pg';
import type { Store } from '../ports/store.ts';
import type { ReportFault } from '../sql/pdu-cache.ts';

export interface PostgresOptions {
  /** Such as `postgres://user:secret@host/database`, or `postgres:///database?host=/run/postgresql`. */
  readonly url: string;
  readonly ssl?: ClientConfig['ssl'];
  /** Connections that are read from; one more commits. */
  readonly maxReaders?: number;
  /** Told of rows that cannot be read; by default a warning of the process. */
  readonly report?: ReportFault;
}

/**
 * Opens a PostgreSQL database and brings its schema up to date. One that another process writes to is refused, and one
 * that answers a COMMIT before it is on the disk.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  // The driver costs a start that has another database nothing.
  const { connectStore } = await import('./connect-store.ts');
  return connectStore(options);
}
