import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../process/root.ts';
import { withLock } from './lock.ts';

const CACHE = join(root, '.cache');

/** Written last: a folder without it was left half-way. */
const COMPLETE = '.complete';

/**
 * The folder `.cache/<key>`, filled by `fill` where no earlier run has. The key names all that decides its content,
 * so a folder that is complete is right. Two runs at once wait for each other.
 * @throws what `fill` throws; the next run starts over.
 */
export async function cached(
  key: string,
  fill: (folder: string) => Promise<void>,
  cacheFolder: string = CACHE,
): Promise<string> {
  const folder = join(cacheFolder, key);
  const complete = join(folder, COMPLETE);
  if (existsSync(complete)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(complete)) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await fill(folder);
    await writeFile(complete, '');
  });
  return folder;
}
