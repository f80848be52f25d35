import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cached } from './cache.ts';

let cacheFolder: string;

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'hansa-cache-'));
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

it('fills a folder once, also for two who ask at once', async () => {
  let filled = 0;
  const ask = (): Promise<string> =>
    cached('thing', async (folder) => writeFile(join(folder, 'n'), String(++filled)), cacheFolder);
  const [first, second] = await Promise.all([ask(), ask()]);
  expect(first).toBe(second);
  expect(await readFile(join(await ask(), 'n'), 'utf8')).toBe('1');
});

it('starts over after a failure', async () => {
  const fail = cached(
    'thing',
    async (folder) => {
      writeFileSync(join(folder, 'half'), '');
      throw new Error('no network');
    },
    cacheFolder,
  );
  await expect(fail).rejects.toThrow('no network');
  const folder = await cached('thing', async () => {}, cacheFolder);
  expect(existsSync(join(folder, 'half'))).toBe(false);
});

it('takes over the lock of a process that is gone', async () => {
  // No process has so high an id.
  await writeFile(join(cacheFolder, 'thing.lock'), '999999999');
  await expect(cached('thing', async () => {}, cacheFolder)).resolves.toContain('thing');
});
