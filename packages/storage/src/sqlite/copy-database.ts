import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Connection } from './connection.ts';

/**
 * Writes what the database holds into another file, in place of what was there: whole, flushed to the disk, or not at
 * all.
 */
export async function copyDatabase(source: Connection, target: string): Promise<void> {
  const part = `${target}.part`;
  await rm(part, { force: true });
  source.run('VACUUM INTO ?', [part]);
  await flush(part);
  await rename(part, target);
  await flush(dirname(target));
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
