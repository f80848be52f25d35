import { EVENT_MAX_BYTES } from '@hansa/protocol';
import type { DeviceId, EventId, RoomId, ServerName, UserId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FORGOTTEN } from '../ports/client-transaction-store.ts';
import { MAX_REFUSALS_A_SERVER, REFUSAL_AGE_MS } from '../ports/destination-store.ts';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

const ALICE = '@alice:one.example' as UserId;
const TWO = 'two.example' as ServerName;
const THREE = 'three.example' as ServerName;
const SOME_STATE = { timeline: 1, at: 0 };

/** Events, what they are connected by, and what of them is to be sent. */
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

    it('has due for a server what was flagged during its stays', async () => {
      const { store } = open;
      const other = '!other:one.example' as RoomId;
      await insertSampleRoom(store, other);
      // Positions: 1 before, 2 the join, 3 within, 4 its leave, 5 between, 6 back, 7 not to two.
      const names = ['before', 'join', 'within', 'leave', 'between', 'back', 'not-to-two'];
      await store.transact(({ events, rooms, takePosition }) => {
        for (const name of names) {
          const position = takePosition();
          const exceptTo = name === 'not-to-two' ? TWO : undefined;
          events.put(newEvent(samplePdu(name), { position, send: true, exceptTo }));
          if (name === 'join' || name === 'back') rooms.openStay(ROOM, TWO, position);
          if (name === 'join') rooms.openStay(ROOM, THREE, position);
          if (name === 'leave') rooms.closeStay(ROOM, TWO, position);
        }
        events.put(newEvent(samplePdu('theirs'), { position: takePosition() }));
        const position = takePosition();
        events.put(newEvent(samplePdu('extra', { roomId: other }), { position }));
        events.sendTo(TWO, other, position);
      });
      const due = async (server: ServerName, after: number, limit = 50) => {
        const { events, upTo } = await store.readers.destinations.listDue({ server, after, limit });
        return [events.map(({ pdu }) => pdu.content['name']), upTo];
      };
      expect(await due(TWO, 0)).toEqual([['within', 'leave', 'extra'], 9]);
      expect(await due(TWO, 0, 2)).toEqual([['within', 'leave'], 4]);
      expect(await due(TWO, 4)).toEqual([['extra'], 9]);
      expect(await due(TWO, 9)).toEqual([[], 9]);
      const [all] = await due(THREE, 0);
      expect(all).toEqual(['within', 'leave', 'between', 'back', 'not-to-two']);
      expect(await store.readers.destinations.listWithWork()).toMatchObject([
        { server: THREE, cursor: 0 },
        { server: TWO, cursor: 0 },
      ]);
      const targets = async (roomId: RoomId, position: number, after = '', limit = 50) => {
        const query = { roomId, position, after, limit };
        return (await store.readers.destinations.listTargets(query)).map(({ server }) => server);
      };
      expect(
        await Promise.all([1, 3, 4, 5, 6, 7].map((position) => targets(ROOM, position))),
      ).toEqual([[], [THREE, TWO], [THREE, TWO], [THREE], [THREE], [THREE]]);
      expect(await targets(other, 9)).toEqual([TWO]);
      expect(await targets(ROOM, 3, '', 1)).toEqual([THREE]);
      expect(await targets(ROOM, 3, THREE, 1)).toEqual([TWO]);
      const destination = { failures: 0, retryAt: undefined, attempt: undefined };
      await store.transact(({ destinations }) => {
        destinations.put({ ...destination, server: TWO, cursor: 9 });
        destinations.put({
          ...destination,
          server: THREE,
          cursor: 9,
          attempt: { transactionId: 't', upTo: 9 },
        });
        destinations.insertRefusal({ server: TWO, position: 3, error: 'no', at: 1 });
      });
      expect(await store.readers.destinations.listWithWork()).toMatchObject([{ server: THREE }]);
    });

    it('keeps refusals up to an age and a number for each server', async () => {
      const { store } = open;
      const refuse = (server: ServerName, position: number, at: number) =>
        store.transact(({ destinations }) =>
          destinations.insertRefusal({ server, position, error: 'M_FORBIDDEN', at }),
        );
      const refused = async (position: number) => {
        const refusals = await store.readers.destinations.listRefusals(position);
        return refusals.map(({ server, at }) => [server, at]);
      };
      await refuse(TWO, 1, 1);
      await refuse(THREE, 1, REFUSAL_AGE_MS);
      expect(await refused(1)).toEqual([
        [THREE, REFUSAL_AGE_MS],
        [TWO, 1],
      ]);
      await refuse(THREE, 2, REFUSAL_AGE_MS + 2);
      expect(await refused(1)).toEqual([[THREE, REFUSAL_AGE_MS]]);
      const many = Array.from({ length: MAX_REFUSALS_A_SERVER }, (_, n) => n + 2);
      await store.transact(({ destinations }) => {
        for (const position of many) {
          destinations.insertRefusal({
            server: TWO,
            position,
            error: 'no',
            at: REFUSAL_AGE_MS + 2,
          });
        }
      });
      expect(await refused(2)).toHaveLength(2);
      await refuse(TWO, MAX_REFUSALS_A_SERVER + 2, REFUSAL_AGE_MS + 2);
      expect(await refused(2)).toMatchObject([[THREE, expect.any(Number)]]);
      expect(await refused(3)).toMatchObject([[TWO, expect.any(Number)]]);
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

    it('finds who has something due by one question for many', async () => {
      const { store } = open;
      const names = Array.from(
        { length: 1_100 },
        (_, n) => `s${String(n).padStart(4, '0')}.example`,
      );
      await store.transact(({ events, rooms, destinations, takePosition }) => {
        for (const name of names) rooms.openStay(ROOM, name as ServerName, takePosition());
        const position = takePosition();
        events.put(newEvent(samplePdu('due'), { position, send: true }));
        for (const name of names.slice(0, 500)) {
          const done = { cursor: 1_101, failures: 0, retryAt: undefined, attempt: undefined };
          destinations.put({ ...done, server: name as ServerName });
        }
      });
      const withWork = await store.readers.destinations.listWithWork();
      expect(withWork.map(({ server }) => server)).toEqual(names.slice(500));
    });

    it('lists the servers that are in a room now, each once', async () => {
      const { store } = open;
      const other = '!other:one.example' as RoomId;
      await insertSampleRoom(store, other);
      await store.transact(({ rooms, takePosition }) => {
        for (const room of [ROOM, other]) rooms.openStay(room, TWO, takePosition());
        rooms.openStay(ROOM, THREE, takePosition());
      });
      const { destinations } = store.readers;
      expect(await destinations.listServersInRooms(10)).toEqual([THREE, TWO]);
      expect(await destinations.listServersInRooms(1)).toEqual([THREE]);
      await store.transact(({ rooms, takePosition }) => {
        rooms.closeStay(ROOM, TWO, takePosition());
        rooms.closeStay(ROOM, THREE, takePosition());
      });
      expect(await destinations.listServersInRooms(10)).toEqual([TWO]);
    });
  });
}
