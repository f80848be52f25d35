import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerName, UserId } from '@hansa/protocol';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Media } from '../ports/media-store.ts';
import type { Backend, OpenBackend } from './backend.ts';

const ONE = 'one.example' as ServerName;
const TWO = 'two.example:8449' as ServerName;
const hash = (digit: number) => digit.toString(16).repeat(64).slice(0, 64);

/** What is known of media. */
export function mediaContract(backend: Backend): void {
  describe(`${backend.name}: media`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
    });
    afterEach(() => open.dispose());

    const ours: Media = {
      server: ONE,
      mediaId: 'aB-_9',
      hash: hash(1),
      sizeBytes: 2 ** 40,
      contentType: 'image/png; x="é"',
      imageType: 'image/png',
      fileName: 'Änderung \u{1F4C4}.png',
      uploader: '@alice:one.example' as UserId,
      createdAt: 1_700_000_000_000,
    };
    const theirs: Media = {
      ...ours,
      server: TWO,
      contentType: 'application/octet-stream',
      imageType: undefined,
      fileName: undefined,
      uploader: undefined,
    };
    const insert = (...all: readonly Media[]) =>
      open.store.transact(({ media }) => {
        for (const each of all) media.insert(each);
      });

    it('is found by its server and id, as it was stored, by a new process too', async () => {
      await insert(ours, theirs);
      open = await open.reopen();
      const { media } = open.store.readers;
      expect(await media.find(ONE, ours.mediaId)).toEqual(ours);
      expect(await media.find(TWO, ours.mediaId)).toEqual(theirs);
      expect(await media.find(ONE, 'AB-_9')).toBeUndefined();
      expect(await media.find('three.example' as ServerName, ours.mediaId)).toBeUndefined();
    });

    it('keeps its address: a second one at it fails its part, and changes nothing', async () => {
      await insert(ours);
      const other = { ...ours, hash: hash(2) };
      await expect(insert({ ...theirs, hash: hash(3) }, other)).rejects.toThrow(ConflictError);
      const { media } = open.store.readers;
      expect(await media.find(ONE, ours.mediaId)).toEqual(ours);
      expect(await media.find(TWO, ours.mediaId)).toBeUndefined();
    });

    it('knows which hashes are referred to, of however many', async () => {
      await insert(ours, theirs, { ...ours, mediaId: 'other', hash: hash(2) });
      const { media } = open.store.readers;
      const unknown = Array.from({ length: 150 }, (_, n) => n.toString(16).padStart(64, 'f'));
      expect(await media.listReferenced([...unknown, hash(1), hash(2), hash(1)])).toEqual(
        new Set([hash(1), hash(2)]),
      );
      expect(await media.listReferenced([])).toEqual(new Set());
    });
  });
}
