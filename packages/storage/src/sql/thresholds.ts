import type { EventId, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { Membership } from '../ports/room-store.ts';
import type {
  OutOfBandMembership,
  PendingJoin,
  ThresholdReader,
  ThresholdWriter,
} from '../ports/threshold-store.ts';
import { objectOf, objectsOf, toBytes } from './json-bytes.ts';
import type { Recorder } from './part.ts';
import { rulesOf } from './pdu-cache.ts';
import { bytes, integer, text, type Row, type Rows } from './rows.ts';

export class SqlThresholdReader implements ThresholdReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async findOutOfBand(userId: UserId, roomId: RoomId): Promise<OutOfBandMembership | undefined> {
    const row = await this.#rows.first(
      'SELECT * FROM oob_memberships WHERE user_id = ? AND room_id = ?',
      [userId, roomId],
    );
    return row === undefined ? undefined : toMembership(row);
  }

  async listOutOfBand(userId: UserId): Promise<readonly OutOfBandMembership[]> {
    const rows = await this.#rows.all(
      'SELECT * FROM oob_memberships WHERE user_id = ? ORDER BY room_id',
      [userId],
    );
    return rows.map(toMembership);
  }

  async listOutOfBandOf(roomId: RoomId): Promise<readonly OutOfBandMembership[]> {
    const rows = await this.#rows.all(
      'SELECT * FROM oob_memberships WHERE room_id = ? ORDER BY user_id',
      [roomId],
    );
    return rows.map(toMembership);
  }

  async listInviters(userId: UserId): Promise<readonly UserId[]> {
    const rows = await this.#rows.all(
      `SELECT sender FROM oob_memberships WHERE user_id = ? AND membership = 'invite'`,
      [userId],
    );
    return rows.map((row) => text(row, 'sender') as UserId);
  }

  async findJoin(roomId: RoomId): Promise<PendingJoin | undefined> {
    const row = await this.#rows.first('SELECT * FROM pending_joins WHERE room_id = ?', [roomId]);
    return row === undefined ? undefined : toJoin(row);
  }

  async listJoins(): Promise<readonly PendingJoin[]> {
    return (await this.#rows.all('SELECT * FROM pending_joins ORDER BY room_id')).map(toJoin);
  }
}

function toMembership(row: Row): OutOfBandMembership {
  return {
    userId: text(row, 'user_id') as UserId,
    roomId: text(row, 'room_id') as RoomId,
    membership: text(row, 'membership') as Membership,
    eventId: text(row, 'event_id') as EventId,
    sender: text(row, 'sender') as UserId,
    rules: rulesOf(text(row, 'version')),
    event: objectOf(bytes(row, 'event')),
    strippedState: objectsOf(bytes(row, 'stripped_state')),
    via: serversOf(row),
    position: integer(row, 'pos'),
  };
}

function toJoin(row: Row): PendingJoin {
  return {
    roomId: text(row, 'room_id') as RoomId,
    userId: text(row, 'user_id') as UserId,
    rules: rulesOf(text(row, 'version')),
    event: objectOf(bytes(row, 'event')),
    resident: text(row, 'resident') as ServerName,
    via: serversOf(row),
    content: objectOf(bytes(row, 'content')),
    startedAt: integer(row, 'started_at'),
  };
}

function serversOf(row: Row): readonly ServerName[] {
  return JSON.parse(text(row, 'via')) as readonly ServerName[];
}

export class SqlThresholdWriter implements ThresholdWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  putOutOfBand(membership: Parameters<ThresholdWriter['putOutOfBand']>[0]): void {
    this.#part.record(
      `INSERT INTO oob_memberships (user_id, room_id, membership, event_id, sender, version, event,
         stripped_state, via, pos)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (user_id, room_id) DO UPDATE SET membership = excluded.membership,
         event_id = excluded.event_id, sender = excluded.sender, version = excluded.version,
         event = excluded.event, stripped_state = excluded.stripped_state, via = excluded.via,
         pos = excluded.pos`,
      [
        membership.userId,
        membership.roomId,
        membership.membership,
        membership.eventId,
        membership.sender,
        membership.rules.id,
        toBytes(membership.event),
        toBytes(membership.strippedState),
        JSON.stringify(membership.via),
        membership.position,
      ],
    );
  }

  deleteOutOfBandOf(roomId: RoomId): void {
    this.#part.record('DELETE FROM oob_memberships WHERE room_id = ?', [roomId]);
  }

  putJoin(join: PendingJoin): void {
    this.#part.record(
      `INSERT INTO pending_joins (room_id, user_id, version, event, resident, via, content, started_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (room_id) DO UPDATE SET user_id = excluded.user_id, version = excluded.version,
         event = excluded.event, resident = excluded.resident, via = excluded.via,
         content = excluded.content, started_at = excluded.started_at`,
      [
        join.roomId,
        join.userId,
        join.rules.id,
        toBytes(join.event),
        join.resident,
        JSON.stringify(join.via),
        toBytes(join.content),
        join.startedAt,
      ],
    );
  }

  deleteJoin(roomId: RoomId): void {
    this.#part.record('DELETE FROM pending_joins WHERE room_id = ?', [roomId]);
  }
}
