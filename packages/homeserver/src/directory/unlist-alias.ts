import { isArray, member, type JsonObject, type RoomAlias } from '@hansa/protocol';

/**
 * Content of `m.room.canonical_alias` without an alias that is gone; `undefined` where it does not name it.
 * Source: client-server API, `DELETE /directory/room/{roomAlias}`.
 */
export function withoutAlias(content: JsonObject, alias: RoomAlias): JsonObject | undefined {
  const others = member(content, 'alt_aliases');
  const isMain = member(content, 'alias') === alias;
  const isOther = isArray(others) && others.includes(alias);
  if (!isMain && !isOther) return undefined;
  const kept = Object.entries(content).filter(([key]) => !isMain || key !== 'alias');
  return Object.fromEntries(
    kept.map(([key, value]) =>
      key === 'alt_aliases' && isArray(value)
        ? [key, value.filter((each) => each !== alias)]
        : [key, value],
    ),
  );
}
