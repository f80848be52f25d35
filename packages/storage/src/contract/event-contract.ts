import { EVENT_MAX_BYTES } from '@hansa/protocol';
import type { DeviceId, EventId, UserId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FORGOTTEN } from '../ports/client-transaction-store.ts';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

const ALICE = '@alice:one.example' as UserId;
const SOME_STATE = { timeline: 1, at: 0 };

/** Events, and what they are connected by. */
export function eventContract(backend: Backend): void {
  describe(`${backend.name}: events`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
    });
    afterEach(() => open.dispose());

    it('gives back what was stored, byte for byte, after a restart too', async () => {
      const pdu = samplePdu('a', { content: { big: 9007199254740991, text: 'é\u0000' } });
      await open.store.transact(({ events, takePosition }) =>
        events.put(newEvent(pdu, { position: takePosition(), before: SOME_STATE, rule: 'X-1' })),
      );
      for (const again of [false, true]) {
        if (again) open = await open.reopen();
        const stored = await open.store.readers.events.find(ROOM, pdu.eventId);
        expect(stored).toMatchObject({
          place: 'timeline',
          verdict: 'accepted',
          rule: 'X-1',
          position: 1,
          before: SOME_STATE,
          after: SOME_STATE,
        });
        expect(stored?.pdu.json).toEqual(pdu.json);
        expect(await open.store.readers.events.findRoomOf(pdu.eventId)).toBe(ROOM);
      }
    });

    it.each([2 ** 53, 2 ** 60, 2 ** 63])('gives back an event of depth %d', async (depth) => {
      const pdu = samplePdu('deep');
      await open.store.transact(({ events, rooms }) => {
        events.put(newEvent(pdu, { depth }));
        rooms.setFloor(ROOM, { depth, parent: undefined });
      });
      open = await open.reopen();
      const deepest = Number.MAX_SAFE_INTEGER;
      const stored = await open.store.readers.events.find(ROOM, pdu.eventId);
      expect(stored?.depth).toBe(deepest);
      expect((await open.store.readers.rooms.find(ROOM))?.floor.depth).toBe(deepest);
    });

    it('stores nothing larger than an event may be, as it could not be read', async () => {
      const pdu = samplePdu('large');
      const json = { ...pdu.json, signatures: { x: { y: 'z'.repeat(EVENT_MAX_BYTES) } } };
      const put = open.store.transact(({ events }) => events.put(newEvent({ ...pdu, json })));
      await expect(put).rejects.toThrow(RangeError);
      expect(await open.store.readers.events.find(ROOM, pdu.eventId)).toBeUndefined();
    });

    it('turns an outlier into a timeline event, and leaves a timeline event as it is', async () => {
      const pdu = samplePdu('a');
      const { store } = open;
      await store.transact(({ events }) => events.put(newEvent(pdu, { place: 'outlier' })));
      await store.transact(({ events, takePosition }) =>
        events.put(newEvent(pdu, { position: takePosition(), before: SOME_STATE })),
      );
      await store.transact(({ events }) =>
        events.put(newEvent(pdu, { place: 'outlier', verdict: 'rejected' })),
      );
      const stored = await store.readers.events.find(ROOM, pdu.eventId);
      expect(stored).toMatchObject({ place: 'timeline', verdict: 'accepted', position: 1 });
    });

    it('lists ranges by position, in both directions, without what nobody may see', async () => {
      const { store } = open;
      const pdus = ['a', 'b', 'c', 'd'].map((name) => samplePdu(name));
      const hidden = samplePdu('hidden');
      await store.transact(({ events, takePosition }) => {
        for (const pdu of pdus) {
          events.put(newEvent(pdu, { position: takePosition(), before: SOME_STATE }));
        }
        events.put(newEvent(hidden, { verdict: 'soft-failed', before: SOME_STATE }));
        events.put(newEvent(samplePdu('stateless'), { position: -1 }));
      });
      const names = async (direction: 'forward' | 'backward', from: number, to?: number) => {
        const bound = to === undefined ? {} : { to };
        const range = { roomId: ROOM, direction, from, limit: 3, ...bound };
        const records = await store.readers.events.listRange(range);
        return records.map(({ pdu }) => pdu.content['name']);
      };
      expect(await names('forward', 0)).toEqual(['a', 'b', 'c']);
      expect(await names('forward', 1, 2)).toEqual(['b']);
      expect(await names('backward', 5)).toEqual(['d', 'c', 'b']);
      expect(await names('backward', 3, 1)).toEqual(['b']);
      expect(await names('backward', 1)).toEqual([]);
    });

    it('knows children and auth chains', async () => {
      const { store } = open;
      const create = samplePdu('create', { type: 'm.room.create', stateKey: '' });
      const member = samplePdu('member', {
        type: 'm.room.member',
        stateKey: ALICE,
        auth: [create.eventId],
        prev: [create.eventId],
      });
      const topic = samplePdu('topic', {
        type: 'm.room.topic',
        stateKey: '',
        auth: [member.eventId],
        prev: [member.eventId],
      });
      await store.transact(({ events }) => {
        for (const pdu of [create, member, topic]) events.put(newEvent(pdu));
      });
      const { events } = store.readers;
      expect(await events.listChildren(ROOM, create.eventId)).toEqual([member.eventId]);
      expect(await events.listAuthChain(ROOM, [topic.eventId])).toEqual([
        member.eventId,
        create.eventId,
      ]);
      const graph = await events.loadAuthGraph(ROOM, create.rules, [topic.eventId]);
      expect(graph.event(member.eventId)).toEqual(member);
      const order = graph.order(topic.eventId) ?? Number.NaN;
      expect(order).toBeGreaterThan(graph.order(member.eventId) ?? Number.NaN);
      expect(graph.referrers(member.eventId, order + 1, 5)).toEqual([topic.eventId]);
      expect(graph.referrers(member.eventId, order, 5)).toEqual([]);
      expect(graph.rejected(topic.eventId)).toBe(false);
    });

    it('knows children whose parent came after them, and before', async () => {
      const { store } = open;
      const parent = samplePdu('parent');
      const early = samplePdu('early', { prev: [parent.eventId] });
      const late = samplePdu('late', { prev: [parent.eventId, early.eventId] });
      for (const pdu of [early, parent, late]) {
        await store.transact(({ events }) => events.put(newEvent(pdu)));
      }
      const { events } = store.readers;
      const children = await events.listChildren(ROOM, parent.eventId);
      expect(children).toEqual([early.eventId, late.eventId]);
      expect(await events.listChildren(ROOM, early.eventId)).toEqual([late.eventId]);
      expect(await events.listChildren(ROOM, late.eventId)).toEqual([]);
    });

    it('finds many at once, in the order asked for, and the whole auth chain of many', async () => {
      const create = samplePdu('create', { type: 'm.room.create', stateKey: '' });
      const members = Array.from({ length: 250 }, (_, n) =>
        samplePdu(`member ${n}`, {
          type: 'm.room.member',
          stateKey: `@u${n}:one.example`,
          auth: [create.eventId],
        }),
      );
      const { store } = open;
      await store.transact((writers) => {
        for (const pdu of [create, ...members]) {
          writers.events.put(newEvent(pdu, { place: 'outlier' }));
        }
      });
      const ids = members.map(({ eventId }) => eventId);
      const asked = [...ids.toReversed(), '$unknown' as EventId, ...ids.slice(0, 1)];
      const found = await store.readers.events.findMany(ROOM, asked);
      expect(found.map(({ pdu }) => pdu.eventId)).toEqual([...ids.toReversed(), ids[0]]);
      expect(await store.readers.events.findMany(ROOM, [])).toEqual([]);
      expect(await store.readers.events.listAuthChain(ROOM, ids)).toEqual([create.eventId]);
    });

    it('stores a rejected event that names an auth event of nobody', async () => {
      const pdu = samplePdu('bad', {
        type: 'm.room.topic',
        stateKey: '',
        auth: [samplePdu('unknown').eventId],
      });
      await open.store.transact(({ events }) =>
        events.put(newEvent(pdu, { verdict: 'rejected', rule: 'AUTH-3.4' })),
      );
      const graph = await open.store.readers.events.loadAuthGraph(ROOM, pdu.rules, [pdu.eventId]);
      expect(graph.rejected(pdu.eventId)).toBe(true);
    });

    it('holds redactions until they are settled', async () => {
      const { store } = open;
      const target = samplePdu('target');
      const redaction = samplePdu('redaction', { type: 'm.room.redaction' });
      await store.transact(({ events }) => {
        events.put(newEvent(redaction, { before: SOME_STATE }));
        events.holdRedaction(ROOM, redaction.eventId, target.eventId);
      });
      const { events } = store.readers;
      expect(await events.listHeldRedactions(ROOM, target.eventId)).toEqual([redaction.eventId]);
      await store.transact(({ events: writer, takePosition }) => {
        writer.put(newEvent(target, { position: takePosition(), before: SOME_STATE }));
        writer.releaseRedaction(ROOM, redaction.eventId);
        writer.setPosition(ROOM, redaction.eventId, takePosition());
        writer.setRedactedBy(ROOM, target.eventId, redaction.eventId);
      });
      expect(await events.listHeldRedactions(ROOM, target.eventId)).toEqual([]);
      expect(await events.find(ROOM, redaction.eventId)).toMatchObject({ position: 2 });
      const redacted = await events.find(ROOM, target.eventId);
      expect(redacted).toMatchObject({ redactedBy: redaction.eventId });
      expect(redacted?.pdu.content).toMatchObject({ name: 'target' });
    });

    it('remembers what a client transaction was answered with', async () => {
      const { store } = open;
      const pdu = samplePdu('a');
      const transaction = { userId: ALICE, deviceId: 'PHONE' as DeviceId, key: 'send/1' };
      const send = () =>
        store.transact(({ events, clientTransactions }) => {
          events.put(newEvent(pdu));
          clientTransactions.insert({ ...transaction, roomId: ROOM, eventId: pdu.eventId, at: 1 });
        });
      await send();
      await expect(send()).rejects.toThrow(ConflictError);
      const reader = store.readers.clientTransactions;
      expect(await reader.findEvent(transaction)).toEqual({ roomId: ROOM, eventId: pdu.eventId });
      expect(await reader.findEvent({ ...transaction, key: 'send/2' })).toBeUndefined();
      expect(await reader.listOf(ROOM, [pdu.eventId])).toEqual(
        new Map([[pdu.eventId, transaction]]),
      );
    });

    it('forgets client transactions by their age, so many at once', async () => {
      const { store } = open;
      const pdu = samplePdu('a');
      const transaction = (n: number) => ({
        userId: ALICE,
        deviceId: 'PHONE' as DeviceId,
        key: `send/${n}`,
      });
      const numbers = Array.from({ length: MAX_FORGOTTEN + 2 }, (_, n) => n);
      const { clientTransactions } = store.readers;
      expect(await clientTransactions.findOldest()).toBeUndefined();
      await store.transact(({ events, clientTransactions: writer }) => {
        events.put(newEvent(pdu));
        for (const n of numbers) {
          writer.insert({ ...transaction(n), roomId: ROOM, eventId: pdu.eventId, at: n });
        }
      });
      const forget = () =>
        store.transact((writers) => writers.clientTransactions.forget(MAX_FORGOTTEN + 1));
      await forget();
      expect(await clientTransactions.findOldest()).toBe(MAX_FORGOTTEN);
      await forget();
      await forget();
      expect(await clientTransactions.findOldest()).toBe(MAX_FORGOTTEN + 1);
      expect(await clientTransactions.findEvent(transaction(0))).toBeUndefined();
      expect(await clientTransactions.findEvent(transaction(MAX_FORGOTTEN + 1))).toBeDefined();
    });
  });
}
