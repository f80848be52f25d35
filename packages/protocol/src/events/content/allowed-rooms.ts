import type { RoomId } from '../../identifiers/brand.ts';
import { isRoomId } from '../../identifiers/room-id.ts';
import { isArray, isObject, member } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';

/**
 * Rooms whose members may join without invite, from the content of an `m.room.join_rules` event; entries that
 * are malformed or of an unknown type are passed over. Source: client-server API, "Restricted rooms".
 */
export function readAllowedRooms(content: JsonObject): readonly RoomId[] {
  const allow = member(content, 'allow');
  const rooms = isArray(allow) ? allow.map(roomOf) : [];
  return rooms.filter((room) => room !== undefined);
}

function roomOf(entry: JsonValue): RoomId | undefined {
  if (!isObject(entry) || member(entry, 'type') !== 'm.room_membership') return undefined;
  const roomId = member(entry, 'room_id');
  return typeof roomId === 'string' && isRoomId(roomId) ? roomId : undefined;
}
