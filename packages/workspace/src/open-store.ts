import { openSqliteStore, type Store } from '@hansa/storage';
import type { Log } from '@hansa/homeserver';
import type { Installation } from './effects/load-installation.ts';
import { StartError } from './start-error.ts';

/** @throws StartError saying why the database cannot be opened, such as another process that holds it */
export async function openStore(
  { databaseFile }: Pick<Installation, 'databaseFile'>,
  log: Log,
): Promise<Store> {
  try {
    return await openSqliteStore(databaseFile, {
      report: (problem, cause) => log.error({ err: cause }, problem),
      copied: (file) => log.info({ file }, 'the database was copied before its schema is changed'),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The database cannot be opened: ${reason}.`, { cause: error });
  }
}
