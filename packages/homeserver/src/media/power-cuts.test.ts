import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { PowerCutError, VirtualEffects, VirtualMediaDisk } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaRepository } from './index.ts';
import { picture } from './testing/pictures.ts';
import { createTestMedia, uploadChunks } from './testing/test-media.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const THUMBNAIL = { width: 32, height: 32, method: 'crop', animated: false } as const;

let effects: VirtualEffects;
let disk: VirtualMediaDisk;
let store: Store;
let media: MediaRepository;
beforeEach(async () => {
  effects = new VirtualEffects();
  disk = new VirtualMediaDisk(effects.clock);
  store = await openSqliteStore(createMemoryDisk());
  begin();
});
afterEach(() => store.close());

/** What a new process would have. */
function begin(): void {
  media = createTestMedia(effects, { disk, store });
}

const upload = (...chunks: readonly (string | Uint8Array)[]) => uploadChunks(media, chunks);

async function read(mediaId: string): Promise<string> {
  const file = await media.library.open(await media.getOwn(mediaId));
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream(0, file.sizeBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const sweep = () => media.sweeper.sweep(() => false);

describe('the power fails', () => {
  it('at any step of an upload: it was acknowledged and is whole, or leaves nothing for long', async () => {
    const acknowledged: string[] = [];
    let steps = 0;
    for (let hasCut = true; hasCut; steps += 1) {
      disk.cutAfter(steps);
      hasCut = await upload('one', `two ${steps}`).then(
        (mediaId) => {
          acknowledged.push(mediaId);
          return false;
        },
        (error: unknown) => error instanceof PowerCutError,
      );
      disk.restart();
      begin();
      for (const mediaId of acknowledged) expect(await read(mediaId)).toMatch(/^onetwo \d+$/);
    }
    // Folder, file, two chunks, sync, folder, rename, sync of the folder.
    expect(steps).toBeGreaterThan(8);
    expect(acknowledged).toHaveLength(1);
    await effects.advance(DAY_MS + 1);
    await sweep();
    expect(disk.paths).toHaveLength(1);
    expect(await read(acknowledged[0] ?? '')).toMatch(/^onetwo/);
  });

  it('between the file and its row: the file is swept after a day, and not before', async () => {
    const failing = { ...store, transact: () => Promise.reject(new Error('the database is gone')) };
    const whole = store;
    store = failing;
    begin();
    await expect(upload('lost')).rejects.toThrow('the database is gone');
    store = whole;
    begin();
    await sweep();
    expect(disk.paths).toEqual([
      expect.stringMatching(/^files\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/),
    ]);
    await effects.advance(DAY_MS + 1);
    await sweep();
    expect(disk.paths).toEqual([]);
  });

  it('at any step of a thumbnail: it is made again', async () => {
    const mediaId = await upload(await picture({ width: 64, height: 64, format: 'png' }));
    const found = await media.getOwn(mediaId);
    for (let steps = 0, hasCut = true; hasCut; steps += 1) {
      disk.cutAfter(steps);
      hasCut = await media.thumbnails.get(found, THUMBNAIL).then(
        () => false,
        (error: unknown) => error instanceof PowerCutError,
      );
      disk.restart();
      begin();
      const { contentType, file } = await media.thumbnails.get(found, THUMBNAIL);
      expect([contentType, file.sizeBytes > 100]).toEqual(['image/jpeg', true]);
      await disk.remove(disk.paths.find((path) => path.startsWith('thumbnails/')) ?? '');
    }
  });
});

describe('the sweeper', () => {
  it('removes what was being received a day ago, and files and thumbnails that nothing refers to', async () => {
    const mediaId = await upload(await picture({ width: 64, height: 64, format: 'png' }));
    const found = await media.getOwn(mediaId);
    await media.thumbnails.get(found, THUMBNAIL);
    const referenced = disk.paths;
    const stale = `${'ab'.repeat(32)}`;
    await disk.makeFolder('files/ab/ab');
    await disk.makeFolder('thumbnails/ab/ab');
    await disk.create('incoming/old');
    await disk.create(`files/ab/ab/${stale}`);
    await disk.create(`thumbnails/ab/ab/${stale}.32x32crop`);
    await effects.advance(DAY_MS + 1);
    await disk.create('incoming/young');
    await sweep();
    expect(disk.paths).toEqual([...referenced, 'incoming/young'].toSorted());
  });

  it('stops between folders when it is asked to', async () => {
    await disk.makeFolder('files/ab/ab');
    await disk.create(`files/ab/ab/${'ab'.repeat(32)}`);
    await effects.advance(DAY_MS + 1);
    await media.sweeper.sweep(() => true);
    expect(disk.paths).toHaveLength(1);
  });

  it('leaves a file alone that is uploaded again while it looks', async () => {
    const transact = store.transact.bind(store);
    const { promise: placed, resolve: place } = Promise.withResolvers<void>();
    const { promise: mayStore, resolve: letStore } = Promise.withResolvers<void>();
    const whole = store;
    store = { ...store, transact: () => Promise.reject(new Error('no')) };
    begin();
    await upload('again').catch(() => {});
    await effects.advance(DAY_MS + 1);
    store = {
      ...whole,
      transact: async (record) => {
        place();
        await mayStore;
        return await transact(record);
      },
    };
    begin();
    const uploading = upload('again');
    await placed;
    // The file is the new one now, and its row is not there yet.
    await effects.advance(DAY_MS + 1);
    const sweeping = sweep();
    letStore();
    await sweeping;
    expect(await read(await uploading)).toBe('again');
    store = whole;
  });
});
