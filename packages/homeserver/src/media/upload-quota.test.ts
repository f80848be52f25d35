import type { UserId } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { VirtualEffects, VirtualMediaDisk } from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaRepository } from './create-media.ts';
import { ADA, createTestMedia, uploadChunks } from './testing/test-media.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const BOB = '@bob:ours.test' as UserId;
const TOO_MUCH_TODAY = { status: 429, errcode: 'M_LIMIT_EXCEEDED' };
const TOO_MUCH = { status: 413, errcode: 'M_TOO_LARGE' };

let effects: VirtualEffects;
let disk: VirtualMediaDisk;
let store: Store;
let media: MediaRepository;
beforeEach(async () => {
  effects = new VirtualEffects();
  disk = new VirtualMediaDisk(effects.clock);
  store = await openSqliteStore(createMemoryDisk());
  media = createTestMedia(effects, {
    disk,
    store,
    quota: { maxBytes: 250, maxBytesADay: 100 },
  });
});
afterEach(() => store.close());

const upload = (sizeBytes: number, by?: UserId) =>
  uploadChunks(media, [new Uint8Array(sizeBytes)], by && { by });

describe('what one person may upload', () => {
  it('is so many bytes in 24 hours, and another person’s are theirs', async () => {
    await upload(60);
    await expect(upload(41)).rejects.toMatchObject(TOO_MUCH_TODAY);
    await upload(40);
    await expect(upload(1)).rejects.toMatchObject({
      ...TOO_MUCH_TODAY,
      fields: { retry_after_ms: 60 * 60 * 1_000 },
    });
    await upload(100, BOB);
    await effects.advance(DAY_MS + 1);
    await upload(100);
  });

  it('is so many bytes for ever', async () => {
    for (let day = 0; day < 2; day += 1) {
      await upload(100);
      await effects.advance(DAY_MS + 1);
    }
    await expect(upload(51)).rejects.toMatchObject(TOO_MUCH);
    await upload(50);
    await expect(upload(1)).rejects.toMatchObject(TOO_MUCH);
  });

  it('is never a file of more than a day’s bytes', async () => {
    await expect(upload(101)).rejects.toMatchObject(TOO_MUCH);
  });

  it('counts each time that the same file comes', async () => {
    await upload(100);
    await expect(upload(100)).rejects.toMatchObject(TOO_MUCH_TODAY);
  });

  it('is no more where several come at once, and what is refused leaves nothing', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => upload(30)));
    const stored = outcomes.filter(({ status }) => status === 'fulfilled');
    expect([stored.length, disk.paths.length]).toEqual([3, 1]);
  });

  it('is not read where it is told beforehand to be too much', async () => {
    await upload(60);
    const before = disk.paths;
    let isRead = false;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      isRead = true;
      yield new Uint8Array(41);
    }
    const file = {
      bytes: bytes(),
      declaredBytes: 41,
      contentType: undefined,
      fileName: undefined,
    };
    await expect(media.uploads.add(ADA, file)).rejects.toMatchObject(TOO_MUCH_TODAY);
    expect([isRead, disk.paths]).toEqual([false, before]);
  });
});
