import { openPostgresStore, openSqliteStore, type Store } from '@hansa/storage';
import type { Log } from '@hansa/homeserver';
import type { Installation } from './effects/load-installation.ts';
import { StartError } from './start-error.ts';

/** @throws StartError saying why the database cannot be opened, such as another process that holds it */
export async function openStore(
  { config, databaseFile }: Pick<Installation, 'config' | 'databaseFile'>,
  log: Log,
): Promise<Store> {
  const report = (problem: string, cause: unknown): void => log.error({ err: cause }, problem);
  const note = 'the database was copied before its schema is changed';
  try {
    if (config.database === undefined) {
      const copied = (file: string): void => log.info({ file }, note);
      return await openSqliteStore(databaseFile, { report, copied });
    }
    const copied = (schema: string): void => log.info({ schema }, note);
    return await openPostgresStore({ url: config.database, report, copied });
  } catch (error) {
    throw new StartError(`The database cannot be opened: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Where a host has several addresses, what was wrong with each. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(reasonOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
