import { SUPPORTED_ROOM_VERSIONS } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';

/** Room versions in the order in which they were written, for tables of what differs between them. */
export const allVersions = SUPPORTED_ROOM_VERSIONS;

export function versionsFrom(first: RoomVersionId): readonly RoomVersionId[] {
  return allVersions.slice(allVersions.indexOf(first));
}

export function versionsThrough(last: RoomVersionId): readonly RoomVersionId[] {
  return allVersions.slice(0, allVersions.indexOf(last) + 1);
}
