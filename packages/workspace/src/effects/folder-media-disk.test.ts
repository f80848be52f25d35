import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaDisk } from '@hansa/homeserver';
import { systemEffects } from '@hansa/net';
import { VirtualMediaDisk } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderMediaDisk } from './folder-media-disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-media-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const KINDS: readonly (readonly [string, () => MediaDisk])[] = [
  ['a folder', () => new FolderMediaDisk(join(folder, 'media'))],
  ['memory', () => new VirtualMediaDisk(systemEffects().clock)],
];

async function write(disk: MediaDisk, path: string, ...chunks: readonly string[]): Promise<void> {
  const file = await disk.create(path);
  for (const chunk of chunks) await file.write(Buffer.from(chunk));
  await file.sync();
  await file.close();
}

async function read(disk: MediaDisk, path: string, start = 0, end?: number): Promise<string> {
  const file = await disk.open(path);
  if (file === undefined) return 'absent';
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream(start, end ?? file.sizeBytes)) chunks.push(chunk);
  await file.close();
  return Buffer.concat(chunks).toString();
}

describe.each(KINDS)('media in %s', (_name, open) => {
  it('are read as they were written, whole or in part', async () => {
    const disk = open();
    await disk.makeFolder('a/b');
    await disk.makeFolder('a/b');
    await write(disk, 'a/b/file', 'one', 'two');
    expect(await read(disk, 'a/b/file')).toBe('onetwo');
    expect(await read(disk, 'a/b/file', 2, 4)).toBe('et');
    expect(await read(disk, 'a/b/file', 6)).toBe('');
    expect((await disk.open('a/b/file'))?.sizeBytes).toBe(6);
  });

  it('get their place by a rename, which replaces what was there', async () => {
    const disk = open();
    await disk.makeFolder('a');
    await disk.makeFolder('b');
    await write(disk, 'b/to', 'old');
    await write(disk, 'a/from', 'new');
    await disk.rename('a/from', 'b/to');
    await disk.syncFolder('b');
    expect([await read(disk, 'a/from'), await read(disk, 'b/to')]).toEqual(['absent', 'new']);
  });

  it('are listed with their ages, folders among them, and removed', async () => {
    const disk = open();
    // The file system's clock may be a tick of the kernel behind.
    const before = Date.now() - 20;
    await disk.makeFolder('a/inner');
    await write(disk, 'a/file', 'x');
    const entries = (await disk.list('a')).toSorted((one, other) =>
      one.name < other.name ? -1 : 1,
    );
    expect(entries.map(({ name }) => name)).toEqual(['file', 'inner']);
    expect(entries[0]?.changedAt).toBeGreaterThan(before);
    await disk.remove('a/file');
    await disk.remove('a/file');
    expect(await read(disk, 'a/file')).toBe('absent');
    expect(await disk.list('nowhere')).toEqual([]);
  });

  it('are never written over, and never in a folder that nobody made', async () => {
    const disk = open();
    await disk.makeFolder('a');
    await write(disk, 'a/file', 'x');
    await expect(disk.create('a/file')).rejects.toThrow(/already|EEXIST/);
    await expect(disk.create('b/file')).rejects.toThrow(/no folder|ENOENT/);
    await expect(disk.rename('a/nothing', 'a/else')).rejects.toThrow(/not there|ENOENT/);
    expect(await read(disk, 'a/file')).toBe('x');
  });
});
