import type { Store } from '../ports/store.ts';
import type { PostgresOptions } from './postgres-options.ts';

/**
 * Opens a PostgreSQL database and brings its schema up to date. One that another process writes to is refused, and so is
 * the schema of a newer version, and a server that answers a COMMIT before it is on the disk.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  // The driver costs a start that has another database nothing.
  const { connectStore } = await import('./connect-store.ts');
  return connectStore(options);
}
