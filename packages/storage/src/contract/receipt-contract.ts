import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventId, RoomId, UserId } from '@hansa/protocol';
import { MAX_THREADS_READ, type Receipt } from '../ports/receipt-store.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, ROOM } from './sample-room.ts';

const ALICE = '@alice:one.example' as UserId;
const BOB = '@bob:two.example' as UserId;
const OTHER = '!other:one.example' as RoomId;

/** How far people have read. */
export function receiptContract(backend: Backend): void {
  describe(`${backend.name}: receipts`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
      await insertSampleRoom(open.store, OTHER);
    });
    afterEach(() => open.dispose());

    const receipt = (fields: Partial<Receipt> = {}): Receipt => ({
      roomId: ROOM,
      userId: ALICE,
      type: 'm.read',
      threadId: undefined,
      eventId: '$a' as EventId,
      ts: 1,
      ...fields,
    });
    const put = async (...receipts: readonly Receipt[]) => {
      const { position } = await open.store.transact((writers) => {
        for (const each of receipts) {
          writers.receipts.put({ ...each, position: writers.takePosition() });
        }
      });
      return position ?? Number.NaN;
    };
    const list = (after: number, upTo: number, limit = 1_000) =>
      open.store.readers.receipts.listInRoom({ roomId: ROOM, after, upTo, limit });

    it('keeps the latest of each user, type and thread', async () => {
      const [first, later] = [receipt(), receipt({ eventId: '$b' as EventId, ts: 2 })];
      const hidden = receipt({ type: 'm.read.private' });
      const inThread = receipt({ threadId: 'main' });
      await put(first, hidden, inThread, receipt({ userId: BOB }));
      await put(later);
      const { receipts } = open.store.readers;
      expect(await receipts.find(first)).toEqual(later);
      expect(await receipts.find(hidden)).toEqual(hidden);
      expect(await receipts.find(inThread)).toEqual(inThread);
      expect(await receipts.find(receipt({ roomId: OTHER }))).toBeUndefined();
      expect(await receipts.find(receipt({ threadId: '$root' }))).toBeUndefined();
    });

    it('lists what came to a room between two positions, newest first', async () => {
      const before = await put(receipt({ userId: BOB }));
      const alice = receipt({ eventId: '$b' as EventId });
      const upTo = await put(alice, receipt({ roomId: OTHER }));
      await put(receipt({ threadId: 'main' }));
      expect(await list(before, upTo)).toEqual([alice]);
      const { rooms } = open.store.readers;
      expect(await rooms.listChanged([ROOM, OTHER], upTo, upTo)).toEqual([]);
      expect(await rooms.listChanged([ROOM, OTHER], upTo, upTo + 1)).toEqual([ROOM]);
      expect(await list(0, upTo + 1, 1)).toEqual([receipt({ threadId: 'main' })]);
    });

    it('forgets the threads that were read longest ago', async () => {
      const thread = (number: number) => receipt({ threadId: `$${number}` });
      await put(receipt({ userId: BOB, threadId: '$0' }));
      const numbers = Array.from({ length: MAX_THREADS_READ + 1 }, (_, number) => number);
      await put(...numbers.map(thread));
      const { receipts } = open.store.readers;
      expect(await receipts.find(thread(0))).toBeUndefined();
      expect(await receipts.find(thread(1))).toBeDefined();
      expect(await receipts.find(thread(MAX_THREADS_READ))).toBeDefined();
      expect(await receipts.find(receipt({ userId: BOB, threadId: '$0' }))).toBeDefined();
    });
  });
}
