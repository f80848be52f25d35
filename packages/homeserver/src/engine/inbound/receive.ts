import { isObject, isRoomId, member } from '@hansa/protocol';
import type { JsonObject, JsonValue, RoomId, ServerName } from '@hansa/protocol';
import { overloaded } from '../../matrix-error.ts';
import type { ReceivedPdus } from '../room-engine.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { receiveIntoRoom } from './receive-into-room.ts';
import { receiveOutside } from './receive-outside.ts';

/**
 * The PDUs of one transaction, each decided or durably staged when this resolves. Rooms wait for nothing but
 * themselves. An origin that has too much staged is put off as a whole, so that nothing it sent is lost.
 */
export async function receive(
  ports: InboundPorts,
  origin: ServerName,
  pdus: readonly JsonValue[],
): Promise<ReceivedPdus> {
  const { readers } = ports;
  if ((await readers.stage.countOfOrigin(origin)) >= ports.env.limits.stagedFromOrigin) {
    throw overloaded('Events of your server wait to be worked off.');
  }
  const ofRooms = await Promise.all(
    [...byRoom(pdus)].map(([roomId, events]) => receiveOfRoom(ports, origin, roomId, events)),
  );
  return new Map(ofRooms.flatMap((received) => [...received]));
}

async function receiveOfRoom(
  ports: InboundPorts,
  origin: ServerName,
  roomId: RoomId,
  events: readonly JsonObject[],
): Promise<ReceivedPdus> {
  const room = await ports.readers.rooms.find(roomId);
  return room?.residence === 'joined'
    ? receiveIntoRoom(ports, { origin, roomId, rules: room.rules }, events)
    : receiveOutside(ports, { origin, roomId, rules: room?.rules }, events);
}

/** What names no room cannot be answered for: not even its id can be told. */
function byRoom(pdus: readonly JsonValue[]): ReadonlyMap<RoomId, readonly JsonObject[]> {
  const rooms = new Map<RoomId, JsonObject[]>();
  for (const pdu of pdus) {
    const roomId = isObject(pdu) ? member(pdu, 'room_id') : undefined;
    if (!isObject(pdu) || typeof roomId !== 'string' || !isRoomId(roomId)) continue;
    const events = rooms.get(roomId);
    if (events === undefined) rooms.set(roomId, [pdu]);
    else events.push(pdu);
  }
  return rooms;
}
