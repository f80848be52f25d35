import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MediaRepository } from './create-media.ts';
import { picture } from './testing/pictures.ts';
import { createTestMedia, uploadChunks } from './testing/test-media.ts';
import { LethalPictureError } from './thumbnailer.ts';

const BAD = { width: 96, height: 64, format: 'gif', frames: 2 } as const;
const form = { width: 32, height: 32, method: 'crop', animated: false } as const;

let store: Store;
let media: MediaRepository;
/** Whether each try was to be animated. */
let tries: boolean[];
let isLethal: (animated: boolean) => boolean;
beforeEach(async () => {
  store = await openSqliteStore(createMemoryDisk());
  tries = [];
  isLethal = () => true;
  media = createTestMedia(new VirtualEffects(), {
    store,
    thumbnailer: {
      measure: async () => ({ width: BAD.width, height: BAD.height, frames: BAD.frames }),
      render: async (_bytes, { animated }) => {
        tries.push(animated);
        if (isLethal(animated)) throw new LethalPictureError('it took too much');
        return await picture({ width: 32, height: 32, format: 'png' });
      },
    },
  });
});
afterEach(() => store.close());

it('[SEC-41] a picture that ended what reads it is not tried again, at whatever address and in whatever form', async () => {
  const file = await picture(BAD);
  for (let times = 0; times < 2; times += 1) {
    const found = await media.getOwn(await uploadChunks(media, [file]));
    for (const side of [32, 96]) {
      const asked = media.thumbnails.get(found, { ...form, width: side, height: side });
      await expect(asked).rejects.toMatchObject({ status: 413, errcode: 'M_TOO_LARGE' });
    }
  }
  expect(tries).toEqual([false]);
  isLethal = () => false;
  const other = await media.getOwn(
    await uploadChunks(media, [await picture({ ...BAD, width: 97 })]),
  );
  const { file: thumbnail } = await media.thumbnails.get(other, form);
  expect(thumbnail.sizeBytes).toBeGreaterThan(0);
});

it('[SEC-41] one that is lethal only where it moves stands still', async () => {
  isLethal = (animated) => animated;
  const found = await media.getOwn(await uploadChunks(media, [await picture(BAD)]));
  for (let times = 0; times < 2; times += 1) {
    const { contentType } = await media.thumbnails.get(found, { ...form, animated: true });
    expect(contentType).toBe('image/png');
  }
  expect(tries).toEqual([true, false]);
});
