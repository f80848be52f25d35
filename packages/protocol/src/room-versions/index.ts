import type { RoomVersionId, RoomVersionRules } from './rules.ts';
import { v1 } from './v1.ts';
import { v10 } from './v10.ts';
import { v11 } from './v11.ts';
import { v12 } from './v12.ts';
import { v2 } from './v2.ts';
import { v3 } from './v3.ts';
import { v4 } from './v4.ts';
import { v5 } from './v5.ts';
import { v6 } from './v6.ts';
import { v7 } from './v7.ts';
import { v8 } from './v8.ts';
import { v9 } from './v9.ts';

const rows: readonly RoomVersionRules[] = [v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12];
const byId = new Map<string, RoomVersionRules>(rows.map((rules) => [rules.id, rules]));

/** What new rooms get when nobody says otherwise. Source: rooms/_index.md, "Complete list of room versions". */
export const DEFAULT_ROOM_VERSION: RoomVersionId = '12';

/** Every version that this core decides for; the specification calls all of them stable. */
export const SUPPORTED_ROOM_VERSIONS: readonly RoomVersionId[] = rows.map((rules) => rules.id);

/** Rules of a version named by a peer or a client; `undefined` when it is not supported. */
export function findRoomVersion(id: string): RoomVersionRules | undefined {
  return byId.get(id);
}

/** Rules of a version that this core names itself. */
export function getRoomVersion(id: RoomVersionId): RoomVersionRules {
  const rules = byId.get(id);
  if (rules === undefined) throw new RangeError(`no rules for room version ${id}`);
  return rules;
}
