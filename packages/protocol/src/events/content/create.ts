import { member } from '../../json/value.ts';
import type { JsonObject } from '../../json/value.ts';

const VERSION_WHEN_UNSAID = '1';

/**
 * Room version that the content of an `m.room.create` event names, supported or not; `undefined` when it is no string.
 * Source: client-server API, "m.room.create".
 */
export function readRoomVersion(content: JsonObject): string | undefined {
  if (!Object.hasOwn(content, 'room_version')) return VERSION_WHEN_UNSAID;
  const version = member(content, 'room_version');
  return typeof version === 'string' ? version : undefined;
}

/** `m.space` for spaces; `undefined` for plain rooms. */
export function readRoomType(content: JsonObject): string | undefined {
  const type = member(content, 'type');
  return typeof type === 'string' ? type : undefined;
}
