import fc from 'fast-check';
import { getRoomVersion } from '@hansa/protocol';
import type { EventId, Pdu } from '@hansa/protocol';
import { propertyParameters } from '@hansa/protocol/testing/runs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredAuthGraph } from '../ports/event-store.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

const rules = getRoomVersion('11');
const EVENTS = 120;

/** Every event names up to three before it; the first, as a create event does, is named by every second one. */
const pdus: readonly Pdu[] = makeGraph();

function makeGraph(): readonly Pdu[] {
  const made: Pdu[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const before = [n - 1, Math.floor(n / 2), (n * 7) % Math.max(1, n)];
    const named = n % 2 === 1 ? [0, ...before] : before;
    const auth = named.flatMap((at) => (at >= 0 && at < n ? (made[at]?.eventId ?? []) : []));
    const fields = { type: 'm.room.member', stateKey: `@u${n}:one.example`, auth };
    made.push(samplePdu(`event ${n}`, fields));
  }
  return made;
}

/** What may be looked up: an event of the graph, or one that nobody has. */
const lookUps = fc.array(
  fc.record({
    event: fc.nat(EVENTS),
    before: fc.nat(EVENTS),
    limit: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 8 },
);

/** Looking up of what resolution asks for, whatever was loaded ahead. */
export function authGraphContract(backend: Backend): void {
  describe(`${backend.name}: auth graphs`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
      await open.store.transact(({ events }) => {
        for (const [n, pdu] of pdus.entries()) {
          events.put(newEvent(pdu, n % 5 === 0 ? { verdict: 'rejected', rule: 'X-1' } : {}));
        }
      });
    });
    afterEach(() => open.dispose());

    it('answers as the events do, wherever it begins', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(EVENTS), lookUps, async (seed, asked) => {
          const { events } = open.store.readers;
          const graph = await events.loadAuthGraph(ROOM, rules, [idOf(seed)]);
          let found: unknown[] = [];
          await graph.complete(async () => {
            found = asked.map((each) => lookUp(graph, each));
          });
          expect(found).toEqual(asked.map(expected));
        }),
        propertyParameters(),
      );
    });

    it('hands on what goes wrong in an attempt, and what comes of it', async () => {
      const graph = await open.store.readers.events.loadAuthGraph(ROOM, rules, []);
      expect(await graph.complete(async () => graph.event(idOf(7))?.eventId)).toBe(idOf(7));
      const wrong = graph.complete(async () => {
        throw new RangeError('no');
      });
      await expect(wrong).rejects.toThrow('no');
    });
  });
}

type LookUp = { readonly event: number; readonly before: number; readonly limit: number };

function lookUp(graph: StoredAuthGraph, { event, before, limit }: LookUp): unknown {
  const eventId = idOf(event);
  const order = graph.order(eventId);
  const end = graph.order(idOf(before)) ?? Number.POSITIVE_INFINITY;
  return {
    pdu: graph.event(eventId)?.eventId,
    rejected: graph.rejected(eventId),
    isKnown: order !== undefined,
    isAfterItsAuthEvents: (pdus[event]?.authEvents ?? []).every(
      (auth) => (graph.order(auth) ?? Number.NaN) < (order ?? Number.NaN),
    ),
    referrers: graph.referrers(eventId, end, limit),
  };
}

function expected({ event, before, limit }: LookUp): unknown {
  const pdu = pdus[event];
  const referrers = pdus.flatMap((each, n) =>
    n < before && pdu !== undefined && each.authEvents.includes(pdu.eventId) ? each.eventId : [],
  );
  return {
    pdu: pdu?.eventId,
    rejected: pdu !== undefined && event % 5 === 0,
    isKnown: pdu !== undefined,
    isAfterItsAuthEvents: true,
    referrers: referrers.toReversed().slice(0, limit),
  };
}

function idOf(n: number): EventId {
  return pdus[n]?.eventId ?? ('$nobody-has-it' as EventId);
}
