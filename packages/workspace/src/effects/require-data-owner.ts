import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartError } from '../start-error.ts';
import type { Installation } from './load-installation.ts';

/**
 * That what is written into the data folder belongs to whom the folder does: root may write there, and the workspace could
 * not read it then.
 * @param uid of this process; absent where the system has none
 * @throws StartError
 */
export async function requireDataOwner(
  { databaseFile }: Pick<Installation, 'databaseFile'>,
  uid = process.getuid?.(),
): Promise<void> {
  const folder = dirname(databaseFile);
  const { uid: owner } = await stat(folder);
  if (uid === undefined || uid === owner) return;
  throw new StartError(
    `${folder} belongs to another user: run this as that one (by sudo -u, or start the workspace first).`,
  );
}
