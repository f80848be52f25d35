import { member, readHistoryVisibility, readRoomType } from '@hansa/protocol';
import type { RoomId } from '@hansa/protocol';
import type { PublicRoom } from '@hansa/protocol/wire';
import type { RoomViews, StateView } from '../engine/room-views.ts';
import { isRoomText } from './is-room-text.ts';

/** What stands in which event's content under which key. */
const TEXTS = [
  ['name', 'm.room.name', 'name'],
  ['topic', 'm.room.topic', 'topic'],
  ['canonical_alias', 'm.room.canonical_alias', 'alias'],
  ['avatar_url', 'm.room.avatar', 'url'],
  ['join_rule', 'm.room.join_rules', 'join_rule'],
] as const;

/** A room as directories show it; `undefined` for a room that we are not in any more. */
export async function readPublishedRoom(
  views: Pick<RoomViews, 'findRoom' | 'currentState' | 'countJoined'>,
  roomId: RoomId,
): Promise<PublicRoom | undefined> {
  const room = await views.findRoom(roomId);
  if (room?.residence !== 'joined') return undefined;
  const state = await views.currentState(roomId);
  const texts = await Promise.all(
    TEXTS.map(async ([field, type, key]) => [field, await textOf(state, type, key)] as const),
  );
  const create = await state.find('m.room.create', '');
  const roomType = create && readRoomType(create.content);
  const visibility = await state.find('m.room.history_visibility', '');
  return {
    room_id: roomId,
    num_joined_members: await views.countJoined(roomId),
    world_readable: readHistoryVisibility(visibility?.content) === 'world_readable',
    guest_can_join: (await textOf(state, 'm.room.guest_access', 'guest_access')) === 'can_join',
    ...Object.fromEntries(texts.filter(([field, text]) => isRoomText(field, text))),
    ...(roomType === undefined ? {} : { room_type: roomType }),
  };
}

async function textOf(state: StateView, type: string, key: string): Promise<string | undefined> {
  const event = await state.find(type, '');
  const text = event && member(event.content, key);
  return typeof text === 'string' ? text : undefined;
}
