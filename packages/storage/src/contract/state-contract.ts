import fc from 'fast-check';
import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import { propertyParameters } from '@hansa/protocol/testing/runs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DanglingError } from '../ports/dangling-error.ts';
import { FLOOR } from '../ports/state-store.ts';
import type { StateRef } from '../ports/state-store.ts';
import { differenceOfStates } from '../state/difference.ts';
import { findStateEvents } from '../state/find-state.ts';
import { listState } from '../state/list-state.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

/** Eight events; what they are does not matter to a timeline. */
const events = Array.from({ length: 8 }, (_, n) => samplePdu(`event ${n}`));

/** From which state it goes on, which key, and which event, if any, the key holds from there on. */
interface Step {
  readonly from: number;
  readonly key: number;
  readonly event: number | undefined;
}

const steps = fc.array(
  fc.record({
    from: fc.nat(),
    key: fc.nat(5),
    event: fc.option(fc.nat(events.length - 1), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 30 },
);

/** States as a tree of timelines, against states as plain maps. */
export function stateContract(backend: Backend): void {
  describe(`${backend.name}: states`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
      await open.store.transact((writers) => {
        for (const pdu of events) writers.events.put(newEvent(pdu));
      });
    });
    afterEach(() => open.dispose());

    it('answers as a naive model does, on random trees of forks', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (plan) => {
          const grown = await grow(open, plan);
          for (const { ref, model } of grown) {
            expect(entries(await listState(open.store.readers.states, ref))).toEqual(
              entries(model),
            );
            const keys = [0, 1, 2, 3, 4, 5].map((key) => keyOf(key));
            expect(await findStateEvents(open.store.readers.states, ref, keys)).toEqual(
              keys.map(([type, stateKey]) => model.get(type, stateKey)),
            );
          }
          const pairs = grown.map((left, n) => [left, grown[(n * 7 + 3) % grown.length] ?? left]);
          for (const [left, right] of pairs) {
            if (left === undefined || right === undefined) continue;
            const found = await differenceOfStates(open.store.readers.states, left.ref, right.ref);
            expect(entries(found)).toEqual(entries(naiveDifference(left.model, right.model)));
          }
        }),
        propertyParameters(),
      );
    });

    it('refuses a row whose event is not stored', async () => {
      const timeline = open.store.newTimeline();
      const unknown = samplePdu('unknown').eventId;
      const row = { roomId: ROOM, timeline, at: 1, type: 't', stateKey: '' };
      for (const ids of [
        { event: unknown, previous: undefined },
        { event: undefined, previous: unknown },
      ]) {
        const append = open.store.transact(({ states }) => states.appendRow({ ...row, ...ids }));
        await expect(append).rejects.toThrow(DanglingError);
      }
    });

    it('lists one type only', async () => {
      const [{ ref } = { ref: { timeline: 0, at: 0 } }] = (
        await grow(open, [
          { from: 0, key: 0, event: 1 },
          { from: 1, key: 1, event: 2 },
        ])
      ).slice(-1);
      const state = await listState(open.store.readers.states, ref, 'type.1');
      expect(entries(state)).toEqual(entries(StateMap.from([['type.1', 'key.1', idOf(2)]])));
    });

    it('holds the oldest known state in floor rows, which go down as history is added', async () => {
      const { store } = open;
      const timeline = store.newTimeline();
      await store.transact(({ states }) => {
        states.openTimeline({ timeline, roomId: ROOM, parent: undefined, depth: 0 });
        const row = { roomId: ROOM, timeline, type: 't', previous: undefined };
        states.appendRow({ ...row, at: FLOOR, stateKey: 'a', event: idOf(0) });
        states.appendRow({ ...row, at: FLOOR + 1, stateKey: 'b', event: idOf(1) });
      });
      const oldest = { timeline, at: 0 };
      const keys = [
        ['t', 'a'],
        ['t', 'b'],
      ] as const;
      await store.transact(({ states }) => {
        const row = { roomId: ROOM, timeline, type: 't' };
        states.appendRow({ ...row, at: 0, stateKey: 'a', event: idOf(0), previous: idOf(2) });
        states.setFloor(ROOM, timeline, { type: 't', stateKey: 'a' }, idOf(2));
        states.appendRow({ ...row, at: -1, stateKey: 'b', event: idOf(1), previous: undefined });
        states.setFloor(ROOM, timeline, { type: 't', stateKey: 'b' }, undefined);
      });
      const at = (ref: StateRef) => findStateEvents(store.readers.states, ref, keys);
      expect(await at(oldest)).toEqual([idOf(0), idOf(1)]);
      expect(await at({ timeline, at: -1 })).toEqual([idOf(2), idOf(1)]);
      expect(await at({ timeline, at: -2 })).toEqual([idOf(2), undefined]);
      expect((await store.readers.states.getTimeline(timeline)).head).toBe(0);
      expect(await store.readers.states.findLowest(timeline)).toBe(-2);
    });

    it('finds the main timeline as it was at a position', async () => {
      const { store } = open;
      const [first, second] = [store.newTimeline(), store.newTimeline()];
      const root = { roomId: ROOM, parent: undefined, depth: 0 };
      const row = { roomId: ROOM, type: 't', stateKey: '', event: idOf(0), previous: undefined };
      await store.transact(({ states, rooms, takePosition }) => {
        states.openTimeline({ ...root, timeline: first });
        const position = takePosition();
        rooms.beginSegment(ROOM, first, position);
        states.appendRow({ ...row, timeline: first, at: 1, position });
        states.appendRow({ ...row, timeline: first, at: 2, position: takePosition() });
        states.openTimeline({ ...root, timeline: second });
        rooms.beginSegment(ROOM, second, takePosition());
      });
      const refs = await Promise.all(
        [0, 1, 2, 3].map((position) => store.readers.states.findRefAt(ROOM, position)),
      );
      expect(refs).toEqual([
        undefined,
        { timeline: first, at: 1 },
        { timeline: first, at: 2 },
        { timeline: second, at: 0 },
      ]);
    });
  });
}

interface Grown {
  readonly ref: StateRef;
  readonly model: StateMap<EventId>;
}

/** Appends at the head of a timeline where a step starts there, and opens a child where it does not. */
async function grow({ store }: OpenBackend, plan: readonly Step[]): Promise<readonly Grown[]> {
  const heads = new Map<number, { at: number; depth: number }>();
  // They are committed in this order, many at once.
  const commits: Promise<unknown>[] = [];
  const openTimeline = (parent: StateRef | undefined): StateRef => {
    const timeline = store.newTimeline();
    const depth = parent === undefined ? 0 : (heads.get(parent.timeline)?.depth ?? 0) + 1;
    const record = { timeline, roomId: ROOM, parent, depth };
    commits.push(store.transact(({ states }) => states.openTimeline(record)));
    heads.set(timeline, { at: 0, depth });
    return { timeline, at: 0 };
  };
  const grown: Grown[] = [{ ref: openTimeline(undefined), model: new StateMap() }];
  for (const step of plan) {
    const from = grown[step.from % grown.length] ?? grown[0];
    if (from === undefined) break;
    const isHead = heads.get(from.ref.timeline)?.at === from.ref.at;
    const { timeline, at } = isHead ? from.ref : openTimeline(from.ref);
    const [type, stateKey] = keyOf(step.key);
    const event = step.event === undefined ? undefined : idOf(step.event);
    const previous = from.model.get(type, stateKey);
    const row = { roomId: ROOM, timeline, at: at + 1, type, stateKey, event, previous };
    commits.push(store.transact(({ states }) => states.appendRow(row)));
    const head = heads.get(timeline);
    if (head !== undefined) head.at = at + 1;
    const model = from.model.clone();
    if (event === undefined) model.delete(type, stateKey);
    else model.set(type, stateKey, event);
    grown.push({ ref: { timeline, at: at + 1 }, model });
  }
  await Promise.all(commits);
  return grown;
}

function idOf(n: number): EventId {
  const event = events[n];
  if (event === undefined) throw new RangeError(`no event ${n}`);
  return event.eventId;
}

function keyOf(n: number): readonly [string, string] {
  return [`type.${n % 2}`, `key.${n}`];
}

function entries<V>(map: StateMap<V>): readonly (readonly [string, string, V])[] {
  const list = [...map];
  return list.toSorted(([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1));
}

function naiveDifference(
  left: StateMap<EventId>,
  right: StateMap<EventId>,
): StateMap<{ from: EventId | undefined; to: EventId | undefined }> {
  const difference = new StateMap<{ from: EventId | undefined; to: EventId | undefined }>();
  for (let key = 0; key <= 5; key += 1) {
    const [type, stateKey] = keyOf(key);
    const change = { from: left.get(type, stateKey), to: right.get(type, stateKey) };
    if (change.from !== change.to) difference.set(type, stateKey, change);
  }
  return difference;
}
