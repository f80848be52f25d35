import { DatabaseSync } from 'node:sqlite';

/**
 * Holds the database for one process, by an exclusive transaction on a file beside it: the operating system
 * lets go of that when the process dies, however it dies. Throws where another one holds it.
 */
export function claimDatabase(path: string): { release(): void } {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new Error(`${path} is in use by another process`, { cause: error });
  }
  return { release: () => lock.close() };
}
