import { createHash } from 'node:crypto';
import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { VirtualEffects, VirtualMediaDisk } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaRepository } from './create-media.ts';
import { ADA, createTestMedia, uploadChunks } from './testing/test-media.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

let effects: VirtualEffects;
let disk: VirtualMediaDisk;
let store: Store;
let media: MediaRepository;
beforeEach(async () => {
  effects = new VirtualEffects();
  disk = new VirtualMediaDisk(effects.clock);
  store = await openSqliteStore(createMemoryDisk());
  media = createTestMedia(effects, { disk, store });
});
afterEach(() => store.close());

const block = (hash: string) => media.blocks.block({ hash, by: ADA, reason: 'harmful' });

describe('[SEC-43] a file that is blocked', () => {
  it('is not shown at any of its addresses, and others are', async () => {
    const [one, other] = [await uploadChunks(media, ['bad']), await uploadChunks(media, ['bad'])];
    const good = await uploadChunks(media, ['good']);
    const { hash } = await media.getOwn(one);
    await block(hash);
    for (const mediaId of [one, other]) {
      await expect(media.getOwn(mediaId)).rejects.toMatchObject({ status: 404 });
    }
    expect((await media.getOwn(good)).sizeBytes).toBe(4);
  });

  it('is not taken again, and leaves nothing', async () => {
    const { hash } = await media.getOwn(await uploadChunks(media, ['bad']));
    await block(hash);
    const files = disk.paths;
    await expect(uploadChunks(media, ['b', 'ad'])).rejects.toMatchObject({
      status: 403,
      errcode: 'M_FORBIDDEN',
    });
    expect(disk.paths).toEqual(files);
  });

  it('stays so when its file was removed, and where it never was here', async () => {
    const hash = createHash('sha256').update('bad').digest('hex');
    await block(hash);
    await expect(uploadChunks(media, ['bad'])).rejects.toMatchObject({ status: 403 });
    await media.blocks.unblock(hash);
    await uploadChunks(media, ['bad']);
    await block(hash);
    for (const path of disk.paths) await disk.remove(path);
    await effects.advance(DAY_MS + 1);
    await media.sweeper.sweep(() => false);
    await expect(uploadChunks(media, ['bad'])).rejects.toMatchObject({ status: 403 });
    expect(await media.blocks.find(hash)).toMatchObject({ blockedBy: ADA, reason: 'harmful' });
  });

  it('is taken and shown again once that is taken back', async () => {
    const mediaId = await uploadChunks(media, ['bad']);
    const { hash } = await media.getOwn(mediaId);
    await block(hash);
    await media.blocks.unblock(hash);
    expect(await media.getOwn(mediaId)).toMatchObject({ hash });
    expect(await media.getOwn(await uploadChunks(media, ['bad']))).toMatchObject({ hash });
  });
});
