import type { Store, Writers } from '@hansa/storage';
import { expect, it } from 'vitest';
import { seedsOf } from './seeds-of.ts';
import type { BreakServer } from './servers/break-server.ts';
import { simulate } from './simulate.ts';

/** So many seeds at most until a fault is found. */
const WITHIN = 12;

interface Broken extends BreakServer {
  readonly what: string;
  /** The invariant that finds it. */
  readonly by: string;
}

/** A store that differs from another in how it writes. */
function writing(store: Store, change: (writers: Writers) => Writers): Store {
  return {
    ...facade(store),
    transact: (record) => store.transact((writers) => record(change(writers))),
  };
}

function facade(store: Store): Store {
  return {
    incarnation: store.incarnation,
    readers: store.readers,
    transact: (record) => store.transact(record),
    newTimeline: () => store.newTimeline(),
    close: () => store.close(),
  };
}

/** The same writer or reader with one method of its own. */
function overriding<T extends object>(original: T, methods: Partial<T>): T {
  return new Proxy(original, {
    get(target, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

const BROKEN: readonly Broken[] = [
  {
    what: 'an outbox that moves its cursor before the transaction was taken, and forgets it at a crash',
    by: 'cursors pass nothing',
    store: (store) =>
      writing(store, (writers) => ({
        ...writers,
        destinations: overriding(writers.destinations, {
          put: (row) => {
            const cursor = row.attempt?.upTo ?? row.cursor;
            writers.destinations.put({ ...row, cursor, attempt: undefined });
          },
        }),
      })),
  },
  {
    what: 'a server that answers for staged events before they are on disk',
    by: 'what is answered for is on disk',
    store: (store) => ({
      ...facade(store),
      transact: (record) => {
        let asked = 0;
        const committed = store.transact((writers) => {
          record({
            ...writers,
            takePosition: () => {
              asked += 1;
              return writers.takePosition();
            },
          });
        });
        if (asked > 0) return committed;
        committed.catch(() => {});
        return Promise.resolve({ position: undefined, firstPosition: undefined });
      },
    }),
  },
  {
    what: 'a server that does not write down who leaves',
    by: 'members follow the state',
    store: (store) =>
      writing(store, (writers) => ({
        ...writers,
        rooms: overriding(writers.rooms, {
          putMember: (member) => {
            if (member.membership !== 'leave') writers.rooms.putMember(member);
          },
        }),
      })),
  },
  {
    what: 'a timeline that passes over an event now and then',
    by: 'readers see everything once',
    store: (store) => {
      const { events } = store.readers;
      const listRange: typeof events.listRange = async (range) =>
        (await events.listRange(range)).filter(({ position = 0 }) => position % 7 !== 3);
      const readers = { ...store.readers, events: overriding(events, { listRange }) };
      return {
        ...facade(store),
        readers: { ...readers, snapshot: (read) => read(readers) },
      };
    },
  },
  {
    what: 'a stage that loses what it held',
    by: 'are everywhere',
    store: (store) =>
      writing(store, (writers) => ({
        ...writers,
        stage: overriding(writers.stage, {
          put: (pdu) => {
            writers.stage.put(pdu);
            writers.stage.delete(pdu.roomId, pdu.eventId);
          },
        }),
      })),
  },
  {
    what: 'a folder of media whose names may be lost with the machine',
    by: 'refers to',
    mediaDisk: (disk) => overriding(disk, { syncFolder: async () => {} }),
  },
];

it.each(BROKEN)(
  'finds $what',
  { timeout: 120_000 },
  async ({ by, what: _what, ...breakServer }) => {
    const found: string[] = [];
    for (const seed of seedsOf(1, WITHIN)) {
      const { faults } = await simulate(seed, {
        breakServer,
        profile: { hasHostile: false },
      });
      found.push(...faults);
      if (faults.some((fault) => fault.includes(by))) return;
    }
    expect(found).toContain(by);
  },
);
