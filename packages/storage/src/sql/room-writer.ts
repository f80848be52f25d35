import type { EventId, RoomId, RoomVersionRules, ServerName, UserId } from '@hansa/protocol';
import type { Position } from '../ports/position.ts';
import type { NewMember, Residence, RoomFloor, RoomWriter } from '../ports/room-store.ts';
import { EVENT_OF, ROOM_OF } from './event-rows.ts';
import type { Recorder } from './part.ts';
import { storedDepth } from './stored-depth.ts';

export class SqlRoomWriter implements RoomWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  insertRoom(room: { readonly roomId: RoomId; readonly rules: RoomVersionRules }): void {
    this.#part.record(`INSERT INTO rooms (room_id, version, residence) VALUES (?, ?, 'outside')`, [
      room.roomId,
      room.rules.id,
    ]);
  }

  setResidence(roomId: RoomId, residence: Residence): void {
    this.#part.record('UPDATE rooms SET residence = ? WHERE room_id = ?', [residence, roomId]);
  }

  setLowestPosition(roomId: RoomId, position: number): void {
    this.#part.record('UPDATE rooms SET lowest_pos = ? WHERE room_id = ?', [position, roomId]);
  }

  setFloor(roomId: RoomId, { depth, parent }: RoomFloor): void {
    this.#part.record('UPDATE rooms SET floor_depth = ?, floor_parent = ? WHERE room_id = ?', [
      storedDepth(depth),
      parent,
      roomId,
    ]);
  }

  beginSegment(roomId: RoomId, timeline: number, position: Position): void {
    this.#part.record(`INSERT INTO segments (room, from_pos, t) VALUES (${ROOM_OF}, ?, ?)`, [
      roomId,
      position,
      timeline,
    ]);
  }

  setExtremities(roomId: RoomId, eventIds: readonly EventId[]): void {
    this.#part.record(`DELETE FROM extremities WHERE room = ${ROOM_OF}`, [roomId]);
    for (const eventId of eventIds) {
      this.#part.record(`INSERT INTO extremities (room, event) VALUES (${ROOM_OF}, ${EVENT_OF})`, [
        roomId,
        roomId,
        eventId,
      ]);
    }
  }

  putMember(member: NewMember): void {
    this.#part.record(
      `INSERT INTO members (room, user_id, server, local, membership, sender, event, pos)
       VALUES (${ROOM_OF}, ?, ?, ?, ?, ?, ${EVENT_OF}, ?)
       ON CONFLICT (room, user_id) DO UPDATE SET membership = excluded.membership,
         sender = excluded.sender, event = excluded.event, pos = excluded.pos
       WHERE members.event <> excluded.event OR members.membership <> excluded.membership`,
      [
        member.roomId,
        member.userId,
        member.server,
        member.local,
        member.membership,
        member.sender,
        member.roomId,
        member.eventId,
        member.position,
      ],
    );
  }

  deleteMember(roomId: RoomId, userId: UserId): void {
    this.#part.record(`DELETE FROM members WHERE room = ${ROOM_OF} AND user_id = ?`, [
      roomId,
      userId,
    ]);
  }

  forget({ roomId, userId, position }: Parameters<RoomWriter['forget']>[0]): void {
    this.#part.record(
      `INSERT INTO forgotten_rooms (user_id, room_id, pos) VALUES (?, ?, ?)
       ON CONFLICT (user_id, room_id) DO UPDATE SET pos = excluded.pos`,
      [userId, roomId, position],
    );
  }

  deleteRemoteMembers(roomId: RoomId): void {
    this.#part.record(`DELETE FROM members WHERE room = ${ROOM_OF} AND local = 0`, [roomId]);
  }

  openStay(roomId: RoomId, server: ServerName, position: Position): void {
    this.#part.record(
      `INSERT INTO room_servers (room, server, from_pos) VALUES (${ROOM_OF}, ?, ?)`,
      [roomId, server, position],
    );
  }

  closeStay(roomId: RoomId, server: ServerName, position: Position): void {
    this.#part.record(
      `UPDATE room_servers SET to_pos = ? WHERE room = ${ROOM_OF} AND server = ? AND to_pos IS NULL`,
      [position, roomId, server],
    );
  }
}
