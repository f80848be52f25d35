import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_AFTER_MS = 500;

/** Runs the work while no other process of this machine does. A lock whose process is gone is taken over. */
export async function withLock(path: string, work: () => Promise<void>): Promise<void> {
  while (!(await take(path))) {
    if (await isLeftBehind(path)) await rm(path, { force: true });
    else await sleep(RETRY_AFTER_MS);
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isLeftBehind(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  // Zero: gone meanwhile, or not yet written.
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
