import type { EventId, RoomId, ServerName, UserId } from '@hansa/protocol';
import type {
  MemberRecord,
  Membership,
  Residence,
  RoomReader,
  RoomRecord,
} from '../ports/room-store.ts';
import { ROOM_OF } from './event-rows.ts';
import { inLists } from './in-lists.ts';
import { rulesOf } from './pdu-cache.ts';
import { integer, optionalInteger, optionalText, text, type Row, type Rows } from './rows.ts';

const SELECT_MEMBERS = `
  SELECT r.room_id, m.user_id, m.membership, m.sender, m.pos, e.event_id
  FROM members m JOIN rooms r ON r.id = m.room JOIN events e ON e.id = m.event`;

/** A state's rows may have a position where their event has none: it is held back, or resolution wrote them. */
const selectChanged = (rooms: string): string => `
  SELECT r.room_id FROM rooms r
  WHERE r.room_id IN (${rooms}) AND (
    EXISTS (SELECT 1 FROM events e WHERE e.room = r.id AND e.pos > ? AND e.pos <= ?)
    OR EXISTS (SELECT 1 FROM segments s WHERE s.room = r.id AND s.from_pos > ? AND s.from_pos <= ?)
    OR EXISTS (
      SELECT 1 FROM segments s JOIN state_log l ON l.t = s.t
      WHERE s.room = r.id AND l.pos > ? AND l.pos <= ?)
    OR EXISTS (SELECT 1 FROM receipts c WHERE c.room = r.id AND c.pos > ? AND c.pos <= ?))`;

export class SqlRoomReader implements RoomReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async find(roomId: RoomId): Promise<RoomRecord | undefined> {
    const row = await this.#rows.first(
      `SELECT version, residence, lowest_pos, floor_depth, floor_parent, (SELECT t FROM segments WHERE room = r.id
         ORDER BY from_pos DESC LIMIT 1) AS main
       FROM rooms r WHERE room_id = ?`,
      [roomId],
    );
    if (row === undefined) return undefined;
    return {
      roomId,
      rules: rulesOf(text(row, 'version')),
      residence: text(row, 'residence') as Residence,
      main: optionalInteger(row, 'main'),
      lowestPosition: integer(row, 'lowest_pos'),
      floor: {
        depth: integer(row, 'floor_depth'),
        parent: optionalText(row, 'floor_parent') as EventId | undefined,
      },
    };
  }

  async listExtremities(roomId: RoomId): Promise<readonly EventId[]> {
    const rows = await this.#rows.all(
      `SELECT e.event_id FROM extremities x JOIN events e ON e.id = x.event
       WHERE x.room = ${ROOM_OF} ORDER BY e.id`,
      [roomId],
    );
    return rows.map((row) => text(row, 'event_id') as EventId);
  }

  async listMembers(roomId: RoomId, membership: Membership): Promise<readonly UserId[]> {
    const rows = await this.#rows.all(
      `SELECT user_id FROM members WHERE room = ${ROOM_OF} AND membership = ? ORDER BY user_id`,
      [roomId, membership],
    );
    return rows.map((row) => text(row, 'user_id') as UserId);
  }

  async countJoined(roomId: RoomId): Promise<ReadonlyMap<ServerName, number>> {
    const rows = await this.#rows.all(
      `SELECT server, count(*) AS n FROM members WHERE room = ${ROOM_OF} AND membership = 'join'
       GROUP BY server ORDER BY server`,
      [roomId],
    );
    return new Map(rows.map((row) => [text(row, 'server') as ServerName, integer(row, 'n')]));
  }

  async findMember(roomId: RoomId, userId: UserId): Promise<MemberRecord | undefined> {
    const row = await this.#rows.first(
      `${SELECT_MEMBERS} WHERE m.room = ${ROOM_OF} AND m.user_id = ?`,
      [roomId, userId],
    );
    return row === undefined ? undefined : toMember(row);
  }

  async listMemberships(userId: UserId): Promise<readonly MemberRecord[]> {
    const rows = await this.#rows.all(
      `${SELECT_MEMBERS} WHERE m.user_id = ? AND m.local = 1 ORDER BY m.room`,
      [userId],
    );
    return rows.map(toMember);
  }

  async listForgotten(userId: UserId): Promise<ReadonlyMap<RoomId, number>> {
    const rows = await this.#rows.all(
      'SELECT room_id, pos FROM forgotten_rooms WHERE user_id = ? ORDER BY room_id',
      [userId],
    );
    return new Map(rows.map((row) => [text(row, 'room_id') as RoomId, integer(row, 'pos')]));
  }

  async countSegments(roomId: RoomId): Promise<number> {
    const row = await this.#rows.first(
      `SELECT count(*) AS n FROM segments WHERE room = ${ROOM_OF}`,
      [roomId],
    );
    return row === undefined ? 0 : integer(row, 'n');
  }

  async findLastLeave(roomId: RoomId): Promise<EventId | undefined> {
    const row = await this.#rows.first(
      `SELECT e.event_id FROM members m JOIN events e ON e.id = m.event
       WHERE m.room = ${ROOM_OF} AND m.local = 1 AND m.membership IN ('leave', 'ban')
       ORDER BY m.pos DESC LIMIT 1`,
      [roomId],
    );
    return row === undefined ? undefined : (text(row, 'event_id') as EventId);
  }

  async listChanged(
    roomIds: readonly RoomId[],
    from: number,
    to: number,
  ): Promise<readonly RoomId[]> {
    const changed: RoomId[] = [];
    for (const { places, values } of inLists(roomIds)) {
      const rows = await this.#rows.all(selectChanged(places), [
        ...values,
        from,
        to,
        from,
        to,
        from,
        to,
        from,
        to,
      ]);
      changed.push(...rows.map((row) => text(row, 'room_id') as RoomId));
    }
    return changed;
  }
}

function toMember(row: Row): MemberRecord {
  return {
    roomId: text(row, 'room_id') as RoomId,
    userId: text(row, 'user_id') as UserId,
    membership: text(row, 'membership') as Membership,
    eventId: text(row, 'event_id') as EventId,
    sender: text(row, 'sender') as UserId,
    position: integer(row, 'pos'),
  };
}
