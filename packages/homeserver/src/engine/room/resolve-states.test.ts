import { complete, getRoomVersion, resolve, StateMap } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, RoomVersionId } from '@hansa/protocol';
import { generateEventGraph, type EventGraph } from '@hansa/protocol/testing/event-graph';
import { federationEvents } from '@hansa/protocol/testing/event-graph-makers';
import { propertyRuns, seed } from '@hansa/protocol/testing/runs';
import { seededRandom } from '@hansa/protocol/testing/seeded-random';
import { createMemoryDisk, listState, openSqliteStore } from '@hansa/storage';
import type { StateRef } from '@hansa/storage';
import { describe, expect, it } from 'vitest';
import { EndlessTurns } from '../testing/endless-turns.ts';
import { resolveStates } from './resolve-states.ts';
import { RoomDraft } from './room-draft.ts';
import { KnownKeys } from './known-keys.ts';
import { TipDifferences } from './tip-differences.ts';

const ROUNDS = Math.ceil(propertyRuns / 20);

/** Rooms in which the core asks for an entry that was not read ahead. */
const PINNED = [20_260_331];

/** Stores a generated room: events in auth order, each of its states as a timeline of its own. */
async function storeGraph(graph: EventGraph<Pdu>): Promise<{
  readonly draft: RoomDraft;
  readonly refs: readonly StateRef[];
  readonly states: readonly StateMap<EventId>[];
  readonly close: () => Promise<void>;
}> {
  const store = await openSqliteStore(createMemoryDisk());
  const roomId = graph.events[0]?.roomId ?? ('!none:a.example' as RoomId);
  // A rejected event makes no row, so no stored state has one.
  const states = graph.states.map((state) =>
    StateMap.from([...state].filter(([, , eventId]) => !graph.rejected.has(eventId))),
  );
  const refs: StateRef[] = [];
  await store.transact((writers) => {
    writers.rooms.insertRoom({ roomId, rules: graph.rules });
    for (const pdu of graph.events) {
      const verdict = graph.rejected.has(pdu.eventId) ? 'rejected' : 'accepted';
      writers.events.put({ pdu, place: 'outlier', verdict, depth: 1, storedAt: 1 });
    }
    for (const state of states) {
      const timeline = store.newTimeline();
      writers.states.openTimeline({ timeline, roomId, parent: undefined, depth: 0 });
      let at = 0;
      for (const [type, stateKey, event] of state) {
        at += 1;
        const row = { roomId, timeline, at, type, stateKey, event, previous: undefined };
        writers.states.appendRow(row);
      }
      refs.push({ timeline, at });
    }
  });
  const head = {
    roomId,
    rules: graph.rules,
    residence: 'joined' as const,
    current: refs[0],
    extremities: new Map(),
    tips: new TipDifferences(),
    known: new KnownKeys(),
    joined: new Map(),
    lowestPosition: 0,
    floor: { depth: 0, parent: undefined },
  };
  const draft = new RoomDraft(roomId, head, store.readers, () => store.newTimeline());
  return { draft, refs, states, close: () => store.close() };
}

describe.each<RoomVersionId>(['1', '6', '11', '12'])('states of a room, version %s', (version) => {
  it('resolve to what they resolve to as a whole, from whichever state', async () => {
    const rules = getRoomVersion(version);
    const seeds = [...PINNED, ...Array.from({ length: ROUNDS }, (_, round) => seed + round)];
    for (const each of seeds) {
      const random = seededRandom(each);
      const maker = federationEvents(rules);
      const size = 10 + Math.floor(random() * 40);
      const graph = generateEventGraph({ rules, size, random, maker });
      const byId = new Map(graph.events.map((event) => [event.eventId, event]));
      const { draft, refs, states, close } = await storeGraph(graph);
      const whole = complete(
        resolve(states, {
          rules,
          event: (eventId) => byId.get(eventId),
          rejected: (eventId) => graph.rejected.has(eventId),
        }),
      );
      for (const base of new Set([refs[0], refs.at(-1)])) {
        if (base === undefined) continue;
        const { changes, same } = await resolveStates(draft, base, refs, new EndlessTurns());
        const resolved = await listState(draft.states, base);
        for (const [type, stateKey, { from, to }] of changes) {
          expect(resolved.get(type, stateKey)).toBe(from);
          if (to === undefined) resolved.delete(type, stateKey);
          else resolved.set(type, stateKey, to);
        }
        expect(entriesOf(resolved)).toEqual(entriesOf(whole));
        const named = same === undefined ? resolved : await listState(draft.states, same);
        expect(entriesOf(named)).toEqual(entriesOf(whole));
      }
      await close();
    }
  });
});

function entriesOf(state: StateMap<EventId>): Readonly<Record<string, EventId>> {
  return Object.fromEntries([...state].map(([type, key, id]) => [JSON.stringify([type, key]), id]));
}
