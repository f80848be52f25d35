import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerName, UserId } from '@hansa/protocol';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Media, MediaBlock } from '../ports/media-store.ts';
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

    const block: MediaBlock = {
      hash: hash(1),
      blockedBy: '@admin:one.example' as UserId,
      reason: undefined,
      blockedAt: 1_700_000_000_001,
    };

    it('[SEC-43] is blocked by its hash, apart from what is known of it, until that is taken back', async () => {
      await open.store.transact(({ media }) => media.block(block));
      open = await open.reopen();
      await insert(ours);
      const found = (digit: number) => open.store.readers.media.findBlock(hash(digit));
      expect([await found(1), await found(2)]).toEqual([block, undefined]);
      const again = { ...block, reason: 'Ä', blockedAt: block.blockedAt + 1 };
      await open.store.transact(({ media }) => {
        media.block(again);
        media.block({ ...block, hash: hash(2) });
      });
      expect(await found(1)).toEqual(again);
      await open.store.transact(({ media }) => {
        media.unblock(hash(1));
        media.unblock(hash(3));
      });
      expect([await found(1), await found(2)]).toEqual([undefined, { ...block, hash: hash(2) }]);
    });

    it('is summed up by who uploaded it, and since when', async () => {
      const at = ours.createdAt;
      await insert(ours, theirs, { ...ours, mediaId: 'later', createdAt: at + 1, sizeBytes: 5 });
      await insert({ ...ours, mediaId: 'bob', uploader: '@bob:one.example' as UserId });
      const { media } = open.store.readers;
      const alice = '@alice:one.example' as UserId;
      const sums = [0, at, at + 1, at + 2].map((since) => media.sumUploaded(alice, since));
      expect(await Promise.all(sums)).toEqual([2 ** 40 + 5, 2 ** 40 + 5, 5, 0]);
      expect(await media.sumUploaded('@nobody:one.example' as UserId, 0)).toBe(0);
    });
  });
}
