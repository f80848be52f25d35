import type { EventId, RoomId } from '@hansa/protocol';
import type { StateWriter } from '../ports/state-writer.ts';
import { EVENT_OF, ROOM_OF } from './event-rows.ts';
import type { Recorder } from './part.ts';
import { FLOOR } from '../ports/state-store.ts';

const KEY_OF = '(SELECT id FROM state_keys WHERE type = ? AND state_key = ?)';

export class SqlStateWriter implements StateWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  openTimeline({
    timeline,
    roomId,
    parent,
    depth,
  }: Parameters<StateWriter['openTimeline']>[0]): void {
    this.#part.record(
      `INSERT INTO state_timelines (t, room, pt, pp, depth) VALUES (?, ${ROOM_OF}, ?, ?, ?)`,
      [timeline, roomId, parent?.timeline, parent?.at, depth],
    );
  }

  appendRow(row: Parameters<StateWriter['appendRow']>[0]): void {
    this.#part.record(
      'INSERT INTO state_keys (type, state_key) VALUES (?, ?) ON CONFLICT DO NOTHING',
      [row.type, row.stateKey],
    );
    // An event that is not stored makes NULL, which the table refuses.
    const [event, eventParameters] = numberOf(row.roomId, row.event);
    const [previous, previousParameters] = numberOf(row.roomId, row.previous);
    this.#part.record(
      `INSERT INTO state_log (t, p, key, ev, prev, pos) VALUES (?, ?, ${KEY_OF}, ${event}, ${previous}, ?)`,
      [
        row.timeline,
        row.at,
        row.type,
        row.stateKey,
        ...eventParameters,
        ...previousParameters,
        row.position,
      ],
    );
  }

  setFloor(
    roomId: RoomId,
    timeline: number,
    key: { readonly type: string; readonly stateKey: string },
    event: EventId | undefined,
  ): void {
    const isFloor = `t = ? AND p < ${FLOOR / 2} AND key = ${KEY_OF}`;
    if (event === undefined) {
      this.#part.record(`DELETE FROM state_log WHERE ${isFloor}`, [
        timeline,
        key.type,
        key.stateKey,
      ]);
      return;
    }
    this.#part.record(`UPDATE state_log SET ev = ${EVENT_OF} WHERE ${isFloor}`, [
      roomId,
      event,
      timeline,
      key.type,
      key.stateKey,
    ]);
  }
}

/** The expression for an event's number, 0 for none, with its parameters. */
function numberOf(
  roomId: RoomId,
  eventId: EventId | undefined,
): readonly [string, readonly string[]] {
  return eventId === undefined ? ['0', []] : [EVENT_OF, [roomId, eventId]];
}
