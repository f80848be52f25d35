import { getRoomVersion } from '@hansa/protocol';
import type { EventId, RoomId, ServerName, UserId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_STAGE_ORIGINS } from '../ports/stage-store.ts';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Position } from '../ports/position.ts';
import type { Membership } from '../ports/room-store.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';

const ALICE = '@alice:one.example' as UserId;
const BOB = '@bob:two.example' as UserId;
const ONE = 'one.example' as ServerName;
const TWO = 'two.example' as ServerName;
const NO_EVENT = '$none' as EventId;

/** Rooms, who is in them, and what waits at their doors. */
export function roomContract(backend: Backend): void {
  describe(`${backend.name}: rooms`, () => {
    let open: OpenBackend;
    beforeEach(async () => {
      open = await backend.open();
      await insertSampleRoom(open.store);
    });
    afterEach(() => open.dispose());

    it('has a room once, outside at first', async () => {
      await expect(insertSampleRoom(open.store)).rejects.toThrow(ConflictError);
      expect(await open.store.readers.rooms.find(ROOM)).toEqual({
        roomId: ROOM,
        rules: getRoomVersion('11'),
        residence: 'outside',
        main: undefined,
        lowestPosition: 0,
        floor: { depth: 0, parent: undefined },
      });
    });

    it('replaces extremities', async () => {
      const { store } = open;
      const [a, b, c] = [samplePdu('a'), samplePdu('b'), samplePdu('c')];
      await store.transact(({ events, rooms }) => {
        for (const pdu of [a, b, c]) events.put(newEvent(pdu));
        rooms.setExtremities(ROOM, [a.eventId, b.eventId]);
      });
      await store.transact(({ rooms }) => rooms.setExtremities(ROOM, [b.eventId, c.eventId]));
      expect(await store.readers.rooms.listExtremities(ROOM)).toEqual([b.eventId, c.eventId]);
    });

    it('keeps members, and the position of what did not change', async () => {
      const { store } = open;
      const [first, second] = [samplePdu('a'), samplePdu('b')];
      const put = (pdu: typeof first, membership: Membership, userId = ALICE) =>
        store.transact(({ events, rooms, takePosition }) => {
          events.put(newEvent(pdu));
          rooms.putMember({
            roomId: ROOM,
            userId,
            membership,
            eventId: pdu.eventId,
            sender: ALICE,
            server: userId === ALICE ? ONE : TWO,
            local: userId === ALICE,
            position: takePosition(),
          });
        });
      await put(first, 'join');
      await put(first, 'join');
      await put(samplePdu('c'), 'join', BOB);
      const { rooms } = store.readers;
      expect(await rooms.listMemberships(ALICE)).toMatchObject([
        { membership: 'join', position: 1, sender: ALICE },
      ]);
      expect(await rooms.listMemberships(BOB)).toEqual([]);
      expect(await rooms.countJoined(ROOM)).toEqual(
        new Map([
          [ONE, 1],
          [TWO, 1],
        ]),
      );
      await put(second, 'leave');
      expect(await rooms.findMember(ROOM, ALICE)).toMatchObject({
        membership: 'leave',
        eventId: second.eventId,
        position: 4,
      });
      expect(await rooms.listMembers(ROOM, 'join')).toEqual([BOB]);
      expect(await rooms.findLastLeave(ROOM)).toBe(second.eventId);
      await store.transact((writers) => writers.rooms.deleteRemoteMembers(ROOM));
      expect(await rooms.listMembers(ROOM, 'join')).toEqual([]);
      expect(await rooms.findMember(ROOM, ALICE)).toBeDefined();
    });

    it('tells which rooms changed: by an event, by their state alone, by a new segment', async () => {
      const { store } = open;
      const of = (name: string) => `!${name}:one.example` as RoomId;
      const names = ['event', 'hidden', 'state', 'segment', 'past'] as const;
      for (const name of names) await insertSampleRoom(store, of(name));
      const others = Array.from({ length: 250 }, (_, n) => of(`quiet ${n}`));
      for (const roomId of others) await insertSampleRoom(store, roomId);
      const timeline = store.newTimeline();
      await store.transact(({ events, rooms, states, takePosition }) => {
        const put = (name: string, position?: Position) =>
          events.put(newEvent(samplePdu(name, { roomId: of(name) }), { position }));
        const begun = takePosition();
        put('past', -1);
        put('hidden');
        states.openTimeline({ roomId: of('state'), timeline, parent: undefined, depth: 0 });
        rooms.beginSegment(of('state'), timeline, begun);
        put('event', takePosition());
        const row = { at: 1, type: 'm.room.name', stateKey: '', previous: undefined };
        const position = takePosition();
        states.appendRow({ ...row, event: undefined, roomId: of('state'), timeline, position });
        rooms.beginSegment(of('segment'), store.newTimeline(), takePosition());
      });
      const all = [of('event'), ...others, ...names.slice(1).map(of)];
      const changed = async (from: number, to: number) =>
        (await store.readers.rooms.listChanged(all, from, to)).toSorted();
      expect(await changed(1, 4)).toEqual([of('event'), of('segment'), of('state')]);
      expect(await changed(1, 2)).toEqual([of('event')]);
      expect(await changed(2, 3)).toEqual([of('state')]);
      expect(await changed(0, 1)).toEqual([of('state')]);
      expect(await changed(4, 9)).toEqual([]);
      expect(await store.readers.rooms.listChanged([], 0, 9)).toEqual([]);
      expect(await store.readers.rooms.listChanged([of('segment')], 0, 9)).toEqual([of('segment')]);
    });

    it('stages a PDU once, with everybody who brought it, until it is deleted', async () => {
      const [a, b] = [samplePdu('a'), samplePdu('b')];
      const put = (pdu: typeof a, origin: ServerName, arrivedAt: number) =>
        open.store.transact(({ stage }) =>
          stage.put({
            roomId: ROOM,
            eventId: pdu.eventId,
            json: pdu.json,
            origin,
            isFromSender: false,
            arrivedAt,
          }),
        );
      await put(a, ONE, 1);
      await put(b, ONE, 2);
      await put(a, TWO, 3);
      open = await open.reopen();
      const { stage } = open.store.readers;
      const staged = await stage.list(ROOM, 10);
      expect(staged).toMatchObject([
        { eventId: a.eventId, origins: [ONE, TWO], arrivedAt: 1, attempts: 0 },
        { eventId: b.eventId, origins: [ONE] },
      ]);
      const first = staged[0]?.id ?? 0;
      expect(await stage.read(first)).toEqual(a.json);
      expect([await stage.has(ROOM, a.eventId), await stage.has(ROOM, NO_EVENT)]).toEqual([
        true,
        false,
      ]);
      expect(await stage.countByOrigin(ROOM)).toEqual(new Map([[ONE, 2]]));
      expect([await stage.count(ROOM), await stage.countOfOrigin(ONE)]).toEqual([2, 2]);
      expect(await stage.listRooms()).toEqual([ROOM]);
      await open.store.transact((writers) => {
        writers.stage.defer(ROOM, a.eventId, { retryAt: 99, attempts: 1 });
        writers.stage.delete(ROOM, b.eventId);
      });
      expect(await stage.list(ROOM, 10)).toMatchObject([
        { eventId: a.eventId, retryAt: 99, attempts: 1 },
      ]);
      await open.store.transact((writers) => writers.stage.deleteRoom(ROOM));
      expect(await stage.count(ROOM)).toBe(0);
      expect(await stage.countOfOrigin(ONE)).toBe(0);
      await put(a, TWO, 4);
      // The same event staged again is another one to whoever remembers what it held.
      expect((await stage.list(ROOM, 10))[0]?.id).toBeGreaterThan(first);
      expect(await stage.read(first)).toBeUndefined();
    });

    it('takes the copy of who sent a staged PDU for one that others brought, once', async () => {
      const [{ eventId, json }, other] = [samplePdu('a'), samplePdu('b')];
      const put = (origin: ServerName, copy: typeof json, isFromSender: boolean) =>
        open.store.transact(({ stage }) =>
          stage.put({ roomId: ROOM, eventId, json: copy, origin, isFromSender, arrivedAt: 1 }),
        );
      const { stage } = open.store.readers;
      await put(TWO, other.json, false);
      await put(ONE, json, true);
      const [staged, ...more] = await stage.list(ROOM, 10);
      expect([staged?.origins, more]).toEqual([[ONE], []]);
      expect(await stage.read(staged?.id ?? 0)).toEqual(json);
      await put(TWO, other.json, false);
      await put(ONE, other.json, true);
      expect(await stage.list(ROOM, 10)).toMatchObject([{ id: staged?.id, origins: [ONE, TWO] }]);
      expect(await stage.read(staged?.id ?? 0)).toEqual(json);
    });

    it('remembers of a staged PDU only so many servers that brought it', async () => {
      const { eventId, json } = samplePdu('a');
      const names = Array.from({ length: MAX_STAGE_ORIGINS + 3 }, (_, n) => `s${n}.example`);
      await open.store.transact(({ stage }) => {
        for (const [n, name] of names.entries()) {
          stage.put({
            roomId: ROOM,
            eventId,
            json,
            origin: name as ServerName,
            isFromSender: false,
            arrivedAt: n,
          });
        }
      });
      const [staged] = await open.store.readers.stage.list(ROOM, 10);
      expect(staged?.origins).toEqual(names.slice(0, MAX_STAGE_ORIGINS));
    });

    it('keeps invites of rooms that we are not in, and joins that were begun', async () => {
      const { store } = open;
      const pdu = samplePdu('invite');
      const rules = getRoomVersion('11');
      const invite = {
        userId: ALICE,
        roomId: ROOM,
        membership: 'invite' as const,
        eventId: pdu.eventId,
        sender: BOB,
        rules,
        event: pdu.json,
        via: [TWO],
        strippedState: [{ type: 'm.room.name', state_key: '', content: { name: 'n' } }],
      };
      const join = {
        roomId: ROOM,
        userId: ALICE,
        rules,
        event: pdu.json,
        resident: TWO,
        via: [TWO],
        content: { displayname: 'Alice' },
        startedAt: 7,
      };
      await store.transact(({ thresholds, takePosition }) => {
        thresholds.putOutOfBand({ ...invite, position: takePosition() });
        thresholds.putJoin(join);
      });
      const { thresholds } = store.readers;
      const stored = { ...invite, position: 1 };
      expect(await thresholds.findOutOfBand(ALICE, ROOM)).toEqual(stored);
      expect(await thresholds.listOutOfBand(ALICE)).toEqual([stored]);
      expect(await thresholds.listOutOfBandOf(ROOM)).toEqual([stored]);
      expect(await thresholds.listInviters(ALICE)).toEqual([invite.sender]);
      expect(await thresholds.listInviters(invite.sender)).toEqual([]);
      expect(await thresholds.findJoin(ROOM)).toEqual(join);
      expect(await thresholds.listJoins()).toEqual([join]);
      await store.transact((writers) => {
        writers.thresholds.deleteOutOfBandOf(ROOM);
        writers.thresholds.deleteJoin(ROOM);
      });
      expect(await thresholds.findOutOfBand(ALICE, ROOM)).toBeUndefined();
      expect(await thresholds.findJoin(ROOM)).toBeUndefined();
    });
  });
}
