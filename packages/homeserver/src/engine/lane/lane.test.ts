import { getRoomVersion } from '@hansa/protocol';
import type { RoomId } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore } from '@hansa/storage';
import type { Committed, Store } from '@hansa/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forbidden } from '../../matrix-error.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';

const ROOM = '!room:one.example' as RoomId;
const LIMITS = { laneQueue: 50, laneBatch: 10 };
const rules = getRoomVersion('11');

let store: Store;
let commits: number;
let failures: Error[];
beforeEach(async () => {
  const real = await openSqliteStore(createMemoryDisk());
  commits = 0;
  failures = [];
  store = {
    incarnation: real.incarnation,
    readers: real.readers,
    newTimeline: () => real.newTimeline(),
    close: () => real.close(),
    async transact(record): Promise<Committed> {
      commits += 1;
      const error = failures.shift();
      if (error !== undefined) throw error;
      return real.transact(record);
    },
  };
});
afterEach(() => store.close());

const openLane = (): Lane => new Lane(ROOM, store, LIMITS, () => {});

/** Work that can be seen in the store: it moves the lowest position down by one. */
const lower = async (draft: RoomDraft): Promise<number> => {
  if (draft.head === undefined) draft.beginRoom(rules);
  const lowest = draft.getHead().lowestPosition - 1;
  draft.setLowestPosition(lowest);
  return lowest;
};

const stored = async (): Promise<number | undefined> =>
  (await store.readers.rooms.find(ROOM))?.lowestPosition;

describe('a lane', () => {
  it('decides work upon the work before it, and commits what waits together', async () => {
    const lane = openLane();
    const values = await Promise.all(Array.from({ length: 12 }, () => lane.run(lower)));
    expect(values.map(({ value }) => value)).toEqual([
      -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12,
    ]);
    expect(await stored()).toBe(-12);
    // The first had begun before the others came; then as many as a batch takes.
    expect(commits).toBeLessThanOrEqual(3);
  });

  it('answers a refusal, and goes on as if it had not been asked', async () => {
    const lane = openLane();
    const refused = lane.run(async () => {
      throw forbidden('no');
    });
    const others = [lane.run(lower), lane.run(lower)];
    await expect(refused).rejects.toThrow('no');
    await Promise.all(others);
    expect(await stored()).toBe(-2);
  });

  it.each([
    ['a refusal', () => forbidden('too late')],
    ['a bug', () => new TypeError('a bug')],
  ])('undoes work that had begun to write when %s ended it, and no other', async (_, error) => {
    const lane = openLane();
    const first = lane.run(lower);
    const failing = lane.run(async (draft) => {
      await lower(draft);
      throw error();
    });
    const last = lane.run(lower);
    await expect(failing).rejects.toThrow(error().message);
    expect([(await first).value, (await last).value]).toEqual([-1, -2]);
    expect(await stored()).toBe(-2);
  });

  it('begins again from what is stored when a commit fails', async () => {
    const lane = openLane();
    await lane.run(lower);
    failures = [new Error('the disk is full')];
    await expect(lane.run(lower)).rejects.toThrow('the disk is full');
    expect((await lane.run(lower)).value).toBe(-2);
    expect(await stored()).toBe(-2);
  });

  it('decides a refusal anew when the commit that it rested on has failed', async () => {
    const lane = openLane();
    await lane.run(lower);
    failures = [new Error('the disk is full'), new Error('the disk is still full')];
    const onlyFromMinusOne = async (draft: RoomDraft): Promise<number> => {
      if (draft.getHead().lowestPosition !== -1) throw forbidden('somebody was faster');
      return lower(draft);
    };
    const blocker = lane.run(async () => 0);
    const both = [lane.run(lower), lane.run(onlyFromMinusOne)];
    await blocker;
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await stored()).toBe(-2);
  });

  it('runs no work twice that a sealed draft had put back when the commit fails', async () => {
    const lane = openLane();
    await lane.run(lower);
    const seal = async (draft: RoomDraft): Promise<void> => {
      draft.seal();
      await lower(draft);
    };
    const blocker = lane.run(async () => 0);
    const all = [lane.run(lower), lane.run(seal), lane.run(lower), lane.run(lower)];
    failures = [new Error('the disk is full')];
    await blocker;
    await Promise.all(all);
    expect((await lane.run(lower)).value).toBe(-6);
  });

  it('refuses what its queue cannot take', async () => {
    const lane = openLane();
    const all = Array.from({ length: 80 }, () => lane.run(lower));
    const outcomes = await Promise.allSettled(all);
    const rejected = outcomes.filter(({ status }) => status === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    expect(await stored()).toBe(rejected.length - 80);
  });
});

it('lets rooms that are busy at once share a commit of the store', async () => {
  const disk = createMemoryDisk();
  let flushes = 0;
  const shared = await openSqliteStore(disk, {
    schedule: (flush) =>
      setImmediate(() => {
        flushes += 1;
        flush();
      }),
  });
  const lanes = new Lanes(shared, LIMITS, () => {});
  const rooms = Array.from({ length: 20 }, (_, n) => `!room${n}:one.example` as RoomId);
  await Promise.all(rooms.map((roomId) => lanes.run(roomId, lower)));
  expect(flushes).toBe(1);
  for (const roomId of rooms) {
    expect((await shared.readers.rooms.find(roomId))?.lowestPosition).toBe(-1);
  }
  await shared.close();
});
