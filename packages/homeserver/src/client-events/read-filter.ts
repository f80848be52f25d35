import { isObject, parseJson, type JsonObject, type UserId } from '@hansa/protocol';
import type { RoomEventFilter, SyncFilter } from '@hansa/protocol/wire';
import type { AccountReader } from '@hansa/storage';
import { Type } from 'typebox';
import { AnyObject, compileSchema } from '../http/schema-check.ts';
import { badJson, invalidParam } from '../matrix-error.ts';

const Names = Type.Optional(Type.Array(Type.String({ maxLength: 512 }), { maxItems: 500 }));
/** Of a list; each has to be held against each event. */
const MAX_GLOBS = 50;

const RoomEventFilterSchema = Type.Optional(
  Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 0 })),
    types: Names,
    not_types: Names,
    senders: Names,
    not_senders: Names,
    rooms: Names,
    not_rooms: Names,
    contains_url: Type.Optional(Type.Boolean()),
    lazy_load_members: Type.Optional(Type.Boolean()),
    include_redundant_members: Type.Optional(Type.Boolean()),
    unread_thread_notifications: Type.Optional(Type.Boolean()),
  }),
);

/** Members that we act on; others are kept and mean nothing yet. */
const FilterSchema = Type.Object({
  room: Type.Optional(
    Type.Object({
      rooms: Names,
      not_rooms: Names,
      include_leave: Type.Optional(Type.Boolean()),
      timeline: RoomEventFilterSchema,
      state: RoomEventFilterSchema,
      ephemeral: RoomEventFilterSchema,
    }),
  ),
  presence: Type.Optional(AnyObject),
});

const check = compileSchema(FilterSchema);

/** @throws MatrixError `M_BAD_JSON`, naming the member */
export function checkFilter(json: JsonObject): SyncFilter {
  const fault = check(json);
  if (fault !== undefined) throw badJson(`filter: ${fault.message}`);
  const filter = json as SyncFilter;
  requireFewGlobs(filter.room?.timeline);
  requireFewGlobs(filter.room?.state);
  requireFewGlobs(filter.room?.ephemeral);
  return filter;
}

/** A filter of a request: JSON where it starts with a brace, else the id of a stored one. */
export async function readFilter(
  accounts: Pick<AccountReader, 'findFilter'>,
  userId: UserId,
  filter: string | undefined,
): Promise<SyncFilter> {
  if (filter === undefined) return {};
  const text = filter.startsWith('{') ? filter : await accounts.findFilter(userId, filter);
  if (text === undefined) throw invalidParam('filter: there is no filter of that id');
  const json = parseJson(text);
  if (!json.ok) throw invalidParam(`filter: ${json.reason}`);
  if (!isObject(json.value)) throw invalidParam('filter: must be an object');
  return checkFilter(json.value);
}

const checkRoomEvents = compileSchema(RoomEventFilterSchema);

/** `filter` of `/messages`: JSON, never an id. */
export function readRoomEventFilter(filter: string | undefined): RoomEventFilter {
  if (filter === undefined) return {};
  const json = parseJson(filter);
  if (!json.ok) throw invalidParam(`filter: ${json.reason}`);
  if (!isObject(json.value)) throw invalidParam('filter: must be an object');
  const fault = checkRoomEvents(json.value);
  if (fault !== undefined) throw badJson(`filter: ${fault.message}`);
  const roomEventFilter = json.value as RoomEventFilter;
  requireFewGlobs(roomEventFilter);
  return roomEventFilter;
}

function requireFewGlobs(filter: RoomEventFilter = {}): void {
  for (const list of ['types', 'not_types'] as const) {
    const globs = filter[list]?.filter((pattern) => pattern.includes('*')) ?? [];
    if (globs.length > MAX_GLOBS) {
      throw badJson(`filter: ${list} has more than ${MAX_GLOBS} patterns with *`);
    }
  }
}
