import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { graphRuns, propertyParameters } from '../testing/runs.ts';
import { shuffled } from '../testing/seeded-random.ts';
import { resolve, resolveDifference } from './resolve.ts';
import { StateMap } from './state-map.ts';
import { complete, type Steps } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { type RandomGraph, randomGraphs } from './testing/random-graphs.ts';
import { differenceOf } from '../testing/whole-difference.ts';

const SHUFFLES = 5;

describe('resolution of random rooms', () => {
  it('[SR-1] is the same in any order of states, entries and events', () => {
    check(randomGraphs(), ({ rules, events, rejected, states, room, random }) => {
      const expected = listed(complete(resolve(states, room)));
      for (let shuffle = 0; shuffle < SHUFFLES; shuffle += 1) {
        const reordered = shuffled(states, random).map((state) =>
          StateMap.from(shuffled(state, random)),
        );
        const sameRoom = new MemoryRoom(rules, shuffled(events, random), rejected);
        expect(listed(complete(resolve(reordered, sameRoom)))).toEqual(expected);
        expect(listed(complete(resolveDifference(differenceOf(reordered), sameRoom)))).toEqual(
          listed(complete(resolveDifference(differenceOf(states), room))),
        );
      }
    });
  });

  it('[SR-2] of the difference is that of the whole states', () => {
    check(randomGraphs(), ({ states, room }) => {
      const whole = complete(resolve(states, room));
      const difference = differenceOf(states);
      const resolved = complete(resolveDifference(difference, room));
      const merged = new StateMap<EventId>();
      for (const [type, stateKey, eventId] of states[0] ?? []) {
        if (!difference.entries.has(type, stateKey) && !room.rejected(eventId)) {
          merged.set(type, stateKey, eventId);
        }
      }
      for (const [type, stateKey, eventId] of resolved) merged.set(type, stateKey, eventId);
      expect(listed(merged)).toEqual(listed(whole));
    });
  });

  it('[SR-3] takes keys that the states agree on after all', () => {
    check(randomGraphs(), ({ states, room, random }) => {
      const difference = differenceOf(states);
      const more = difference.entries.clone();
      for (const [type, stateKey, eventId] of states[0] ?? []) {
        if (more.has(type, stateKey) || random() < 0.5) continue;
        more.set(
          type,
          stateKey,
          states.map(() => eventId),
        );
      }
      const resolved = complete(
        resolveDifference(
          {
            entries: more,
            unconflicted(type, stateKey) {
              if (more.has(type, stateKey)) throw new Error('that key is among the entries');
              return difference.unconflicted(type, stateKey);
            },
          },
          room,
        ),
      );
      const whole = complete(resolve(states, room));
      for (const [type, stateKey] of more) {
        expect(resolved.get(type, stateKey)).toBe(whole.get(type, stateKey));
      }
    });
  });

  it('[SR-4] never holds an event that counts as rejected (SEC-11)', () => {
    check(randomGraphs(), ({ rules, events, rejected, states, random }) => {
      const inStates = new Set(states.flatMap((state) => [...state].map(([, , id]) => id)));
      const more = [...inStates].filter(() => random() < 0.2);
      const room = new MemoryRoom(rules, events, [...rejected, ...more]);
      for (const resolved of bothWays(states, room)) {
        for (const [, , eventId] of resolved) expect(room.rejected(eventId)).toBe(false);
      }
    });
  });

  it('[SR-5] never throws, whatever the levels, times and depths, and whatever is not held (SEC-10)', () => {
    check(randomGraphs({ extremes: true }), ({ rules, events, rejected, states, random }) => {
      for (const share of [0, 0.1, 0.5, 1]) {
        const held = events.filter(() => random() >= share);
        const room = new MemoryRoom(rules, held, rejected);
        const before = bothWays(states, room);
        expect(bothWays(states, room).map(listed)).toEqual(before.map(listed));
      }
    });
  });

  it('[SR-6] ends on a graph that goes in circles', () => {
    check(randomGraphs(), ({ rules, events, rejected, states, random }) => {
      const circular = events.map((event) => ({
        ...event,
        authEvents: [
          ...event.authEvents,
          ...shuffled(events, random)
            .slice(0, 2)
            .map(({ eventId }) => eventId),
        ],
      }));
      for (const resolved of bothWays(states, new MemoryRoom(rules, circular, rejected))) {
        expect(resolved.size).toBeLessThanOrEqual(events.length);
      }
    });
  });

  it('[SR-7] is not changed by what goes on during its pauses', () => {
    check(randomGraphs(), ({ states, room }) => {
      const expected = listed(complete(resolve(states, room)));
      const [first, second] = inTurns(resolve(states, room), resolve(states, room));
      expect(listed(first)).toEqual(expected);
      expect(listed(second)).toEqual(expected);
    });
  });

  it('[SR-8] of one state is that state, of none the empty state', () => {
    check(randomGraphs(), ({ rules, events, states }) => {
      const room = new MemoryRoom(rules, events);
      for (const state of states) {
        expect(listed(complete(resolve([state], room)))).toEqual(listed(state));
        expect(listed(complete(resolve([state, state], room)))).toEqual(listed(state));
      }
      expect(complete(resolve([], room)).size).toBe(0);
    });
  });
});

function check(graphs: fc.Arbitrary<RandomGraph>, predicate: (graph: RandomGraph) => void): void {
  fc.assert(fc.property(graphs, predicate), propertyParameters(graphRuns));
}

function bothWays(states: readonly StateMap<EventId>[], room: MemoryRoom): StateMap<EventId>[] {
  return [complete(resolve(states, room)), complete(resolveDifference(differenceOf(states), room))];
}

function inTurns<T>(a: Steps<T>, b: Steps<T>): [T, T] {
  let first = a.next();
  let second = b.next();
  while (first.done !== true || second.done !== true) {
    if (first.done !== true) first = a.next();
    if (second.done !== true) second = b.next();
  }
  return [first.value, second.value];
}

function listed(state: StateMap<EventId>): string[] {
  return [...state].map((entry) => JSON.stringify(entry)).sort();
}
