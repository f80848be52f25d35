import {
  openPostgresStore,
  openSqliteStore,
  type Store,
  type StoreUnavailableError,
} from '@hansa/storage';
import type { Log } from '@hansa/homeserver';
import type { Installation } from './effects/load-installation.ts';
import { StartError } from './start-error.ts';

/**
 * The configured database, which tells the log when it stores nothing and when it stores again. `lost` is called when it
 * will not store anything before it is opened anew.
 * @throws StartError saying why the database cannot be opened, such as another process that holds it
 */
export async function openStore(
  { config, databaseFile }: Pick<Installation, 'config' | 'databaseFile'>,
  log: Log,
  lost: (fault: StoreUnavailableError) => void = () => {},
): Promise<Store> {
  const report = (problem: string, cause: unknown): void => log.error({ err: cause }, problem);
  const health = (fault: StoreUnavailableError | undefined): void => {
    if (fault === undefined) log.warn({}, 'the database stores again');
    else
      log.error({ err: fault }, `requests are refused, as nothing can be stored: ${fault.message}`);
    if (fault?.isFinal === true) lost(fault);
  };
  const note = 'the database was copied before its schema is changed';
  try {
    if (config.database === undefined) {
      const copied = (file: string): void => log.info({ file }, note);
      return await openSqliteStore(databaseFile, { report, copied, health });
    }
    const copied = (schema: string): void => log.info({ schema }, note);
    return await openPostgresStore({ url: config.database, report, copied, health });
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
