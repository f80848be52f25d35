import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryDisk, openSqliteStore } from '../sqlite/open-sqlite-store.ts';
import { accountContract } from './account-contract.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { commitContract } from './commit-contract.ts';
import { eventContract } from './event-contract.ts';
import { roomContract } from './room-contract.ts';
import { stateContract } from './state-contract.ts';

const inMemory: Backend = {
  name: 'SQLite in memory',
  async open() {
    const disk = createMemoryDisk();
    const openAgain = async (): Promise<OpenBackend> => {
      const store = await openSqliteStore(disk);
      return {
        store,
        async reopen() {
          await store.close();
          return openAgain();
        },
        async dispose() {
          await store.close();
          disk.close();
        },
      };
    };
    return openAgain();
  },
};

const onDisk: Backend = {
  name: 'SQLite on disk',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-storage-'));
    const openAgain = async (): Promise<OpenBackend> => {
      const store = await openSqliteStore(join(folder, 'hansa.db'));
      return {
        store,
        async reopen() {
          await store.close();
          return openAgain();
        },
        async dispose() {
          await store.close();
          await rm(folder, { recursive: true });
        },
      };
    };
    return openAgain();
  },
};

for (const backend of [inMemory, onDisk]) {
  commitContract(backend);
  accountContract(backend);
  eventContract(backend);
  roomContract(backend);
}
stateContract(inMemory);

describe('a database file', () => {
  it('is refused while another process holds it, and free when that has died', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-storage-'));
    const path = join(folder, 'hansa.db');
    const store = await openSqliteStore(path);
    const module = new URL('../sqlite/open-sqlite-store.ts', import.meta.url).href;
    // The second process never closes: it is the operating system that lets go.
    const script = `
      const { openSqliteStore } = await import(${JSON.stringify(module)});
      await openSqliteStore(${JSON.stringify(path)});
      console.log('opened');
      process.kill(process.pid, 'SIGKILL');`;
    const attempt = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const refused = attempt();
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('is in use by another process');
    await store.close();
    expect(attempt().stdout).toContain('opened');
    await (await openSqliteStore(path)).close();
    await rm(folder, { recursive: true });
  });
});
