import type { PublicRoom } from '@hansa/protocol/wire';
import { Type, type Static } from 'typebox';

/** Of `POST /publicRooms`, by clients and by servers alike. `null` stands for rooms without a type. */
export const RoomFilterSchema = Type.Object({
  generic_search_term: Type.Optional(Type.String({ maxLength: 500 })),
  room_types: Type.Optional(
    Type.Array(Type.Union([Type.String({ maxLength: 255 }), Type.Null()]), { maxItems: 50 }),
  ),
});

export type RoomFilter = Static<typeof RoomFilterSchema>;

export function passesRoomFilter(
  { room_type: type, name, topic, canonical_alias: alias }: PublicRoom,
  { room_types: types, generic_search_term: term = '' }: RoomFilter,
): boolean {
  const wanted = term.toLowerCase();
  const mentions = (text = '') => text.toLowerCase().includes(wanted);
  return (
    (types === undefined || types.includes(type ?? null)) && [name, topic, alias].some(mentions)
  );
}
