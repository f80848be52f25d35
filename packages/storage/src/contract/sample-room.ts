import { getRoomVersion, hashAndSignEvent, parsePdu, createSigningKey } from '@hansa/protocol';
import type { EventId, JsonObject, Pdu, RoomId } from '@hansa/protocol';
import type { NewEvent } from '../ports/event-store.ts';
import type { Store } from '../ports/store.ts';

const rules = getRoomVersion('11');
const key = createSigningKey('1', new Uint8Array(32).fill(7));

export const ROOM = '!room:one.example' as RoomId;

/** An event of the sample room, signed so that it parses; nobody has authorised it. */
export function samplePdu(
  name: string,
  fields: {
    readonly type?: string;
    readonly stateKey?: string;
    readonly content?: JsonObject;
    readonly prev?: readonly EventId[];
    readonly auth?: readonly EventId[];
    readonly roomId?: RoomId;
  } = {},
): Pdu {
  const json = {
    type: fields.type ?? 'm.room.message',
    ...(fields.stateKey === undefined ? {} : { state_key: fields.stateKey }),
    room_id: fields.roomId ?? ROOM,
    sender: '@alice:one.example',
    content: { name, ...fields.content },
    origin_server_ts: 1,
    depth: 1,
    prev_events: fields.prev ?? [],
    auth_events: fields.auth ?? [],
  };
  const pdu = parsePdu(hashAndSignEvent(json, rules, 'one.example', key), rules);
  if (!pdu.ok) throw new Error(pdu.reason);
  return pdu.value;
}

export function newEvent(pdu: Pdu, fields: Partial<NewEvent> = {}): NewEvent {
  return { pdu, place: 'timeline', verdict: 'accepted', depth: 1, storedAt: 1, ...fields };
}

export async function insertSampleRoom(store: Store, roomId: RoomId = ROOM): Promise<void> {
  await store.transact((writers) => writers.rooms.insertRoom({ roomId, rules }));
}
