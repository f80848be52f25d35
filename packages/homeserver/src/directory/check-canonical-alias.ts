import { isArray, member, parseRoomAlias, type JsonObject, type RoomId } from '@hansa/protocol';
import type { StateView } from '../engine/room-views.ts';
import { invalidParam, MatrixError } from '../matrix-error.ts';
import type { ResolveAlias } from './resolve-alias.ts';

/** Aliases that one event may bring; each may have to be asked of another server. */
const MAX_NEW_ALIASES = 20;

interface CanonicalAlias {
  readonly roomId: RoomId;
  /** Of the new `m.room.canonical_alias`. */
  readonly content: JsonObject;
  /** That it will change. */
  readonly state: StateView;
}

/**
 * Aliases that a room begins to list must be aliases, and lead to it. Source: client-server API,
 * `PUT /rooms/{roomId}/state/{eventType}/{stateKey}`.
 * @throws MatrixError `M_INVALID_PARAM`, `M_BAD_ALIAS`
 */
export async function checkCanonicalAlias(
  resolveAlias: ResolveAlias,
  { roomId, content, state }: CanonicalAlias,
): Promise<void> {
  const before = await state.find('m.room.canonical_alias', '');
  const known = new Set(before === undefined ? [] : aliasesOf(before.content));
  const added = aliasesOf(content).filter((alias) => !known.has(alias));
  if (added.length > MAX_NEW_ALIASES) {
    throw invalidParam(`At most ${MAX_NEW_ALIASES} aliases can be added at a time.`);
  }
  for (const text of new Set(added)) {
    const alias = typeof text === 'string' ? parseRoomAlias(text) : undefined;
    if (alias?.ok !== true) throw invalidParam(`${JSON.stringify(text)} is not a room alias.`);
    const resolved = await resolveAlias(alias.value).catch((error: unknown) => {
      throw badAlias(alias.value, error);
    });
    if (resolved.roomId !== roomId) throw badAlias(alias.value);
  }
}

function aliasesOf(content: JsonObject): readonly unknown[] {
  const main = member(content, 'alias');
  const others = member(content, 'alt_aliases');
  return [
    ...(main === undefined || main === null || main === '' ? [] : [main]),
    ...(isArray(others) ? others : []),
  ];
}

function badAlias(alias: string, cause?: unknown): MatrixError {
  return new MatrixError(400, 'M_BAD_ALIAS', `${alias} does not lead to this room.`, { cause });
}
