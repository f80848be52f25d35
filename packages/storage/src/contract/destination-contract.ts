import type { RoomId, ServerName } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MAX_REFUSALS_A_SERVER,
  newDestination,
  REFUSAL_AGE_MS,
} from '../ports/destination-store.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

const TWO = 'two.example' as ServerName;
const THREE = 'three.example' as ServerName;

/** What is still to send, to whom, and what was refused. */
export function destinationContract(backend: Backend): void {
  describe(`${backend.name}: destinations`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
    });
    afterEach(() => open.dispose());

    it('has due for a server what it is to have besides, at the position that says so', async () => {
      const { store } = open;
      await store.transact(({ events, takePosition }) => {
        for (const name of ['early', 'late']) {
          events.put(newEvent(samplePdu(name), { position: takePosition(), send: true }));
        }
      });
      await store.transact(({ destinations }) => {
        destinations.put({ ...newDestination(TWO), cursor: 2 });
      });
      const early = samplePdu('early');
      await store.transact(({ events, takePosition }) => {
        events.sendTo(TWO, ROOM, takePosition(), early.eventId);
      });
      const { events, upTo } = await store.readers.destinations.listDue({
        server: TWO,
        after: 2,
        limit: 1,
      });
      expect([events.map(({ pdu, position }) => [pdu.eventId, position]), upTo]).toEqual([
        [[early.eventId, 3]],
        3,
      ]);
      expect(await store.readers.destinations.listWithWork()).toMatchObject([{ server: TWO }]);
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
