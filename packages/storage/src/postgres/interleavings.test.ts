import { getRoomVersion } from '@hansa/protocol';
import type { DeviceId, RoomId, UserId } from '@hansa/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newEvent, samplePdu } from '../contract/sample-room.ts';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Store } from '../ports/store.ts';
import { findPostgres, PostgresCluster } from '../testing/postgres-cluster.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const LANES = 8;
const programs = findPostgres();
const ALICE = '@alice:one.example' as UserId;
const SOME_STATE = { timeline: 1, at: 0 };

/** A lane that commits one event after the other, and remembers what it was told. */
class Lane {
  readonly roomId: RoomId;
  /** Positions that were acknowledged, in order. */
  readonly positions: number[] = [];
  readonly #store: Store;
  #count = 0;

  constructor(store: Store, n: number) {
    this.#store = store;
    this.roomId = `!lane${n}:one.example` as RoomId;
  }

  begin(): Promise<unknown> {
    const rules = getRoomVersion('11');
    return this.#store.transact(({ rooms }) => rooms.insertRoom({ roomId: this.roomId, rules }));
  }

  /** A part of several statements, which fails where it is executed twice. */
  async send(): Promise<void> {
    this.#count += 1;
    const pdu = samplePdu(`${this.#count}`, { roomId: this.roomId });
    const { position } = await this.#store.transact(
      ({ events, clientTransactions, takePosition }) => {
        events.put(newEvent(pdu, { position: takePosition(), before: SOME_STATE }));
        clientTransactions.insert({
          userId: ALICE,
          deviceId: 'PHONE' as DeviceId,
          key: `${this.roomId} ${this.#count}`,
          roomId: this.roomId,
          eventId: pdu.eventId,
          at: 1,
        });
      },
    );
    if (position === undefined) throw new Error('it was given no position');
    this.positions.push(position);
  }

  /** A part that has to fail, and to fail alone. */
  async sendInVain(): Promise<void> {
    await expect(this.begin()).rejects.toThrow(ConflictError);
  }
}

/** Follows the sequence as a client does: asks how far it is, and reads what it has not seen. */
async function follow(
  store: Store,
  rooms: readonly RoomId[],
  until: () => boolean,
): Promise<number[]> {
  const seen: number[] = [];
  for (let from = 0, isLast = false; ;) {
    isLast = until();
    const to = await store.readers.position();
    const fresh: number[] = [];
    for (const roomId of await store.readers.rooms.listChanged(rooms, from, to)) {
      const range = { roomId, direction: 'forward', from, to, limit: 1_000 } as const;
      const records = await store.readers.events.listRange(range);
      fresh.push(...records.flatMap(({ position }) => position ?? []));
    }
    seen.push(...fresh.toSorted((a, b) => a - b));
    if (isLast) return seen;
    from = to;
  }
}

describe.skipIf(programs === undefined)('lanes that commit at once on PostgreSQL', () => {
  let cluster: PostgresCluster;
  let url: string;
  let store: Store;
  let lanes: readonly Lane[];
  beforeAll(async () => {
    cluster = await PostgresCluster.start(programs ?? '');
  });
  beforeEach(async () => {
    url = await cluster.createDatabase();
    store = await openPostgresStore({ url });
    lanes = Array.from({ length: LANES }, (_, n) => new Lane(store, n));
    for (const lane of lanes) await lane.begin();
  });
  afterEach(async () => {
    await store.close();
    await cluster.dropDatabase(url);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  /** All lanes send until the disturbances are over, while a reader follows. */
  const hold = async (disturb: () => Promise<void>): Promise<void> => {
    let isOver = false;
    let hasEnded = false;
    const sending = lanes.map(async (lane, n) => {
      for (let count = 0; !isOver; count += 1) {
        await lane.send();
        if (count % 7 === n) await lane.sendInVain();
      }
    });
    const rooms = lanes.map(({ roomId }) => roomId);
    const following = follow(store, rooms, () => hasEnded);
    try {
      await disturb();
    } finally {
      isOver = true;
      await Promise.all(sending);
      hasEnded = true;
    }
    const acknowledged = lanes.flatMap(({ positions }) => positions).toSorted((a, b) => a - b);
    // Nothing was lost, nothing was done twice, and there is no gap that a reader could have passed over.
    expect(acknowledged).toEqual(Array.from(acknowledged, (_, n) => n + 1));
    expect(await following).toEqual(acknowledged);
    for (const { positions } of lanes) {
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
    expect(await store.readers.position()).toBe(acknowledged.length);
  };

  const send = async (times: number): Promise<void> => {
    const goals = lanes.map(({ positions }) => positions.length + times);
    while (lanes.some(({ positions }, n) => positions.length < (goals[n] ?? 0))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it('are answered each by its own, and seen by readers without a gap', async () => {
    await hold(() => send(30));
  });

  it('lose nothing when their connection is ended between any two statements', async () => {
    await hold(async () => {
      for (let times = 0; times < 25; times += 1) {
        const writer = await cluster.findWriter(url);
        await cluster.query(url, 'SELECT pg_terminate_backend($1)', [writer ?? 0]);
        await send(times % 3);
      }
    });
  });

  it('lose nothing when the server falls over, because one of its processes was killed', async () => {
    await hold(async () => {
      for (let times = 0; times < 3; times += 1) {
        await send(3);
        const writer = await cluster.findWriter(url);
        if (writer !== undefined) process.kill(writer, 'SIGKILL');
      }
      await send(3);
    });
  });
});
