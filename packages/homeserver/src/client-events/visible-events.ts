import {
  canUserSee,
  member,
  readHistoryVisibility,
  type Pdu,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import type { RoomViews, StoredEvent } from '../engine/room-views.ts';

type Reads = Pick<RoomViews, 'currentState' | 'findEvent' | 'stateBefore'>;

/**
 * Those of a room's timeline events that a user may read, by the room's state at each.
 */
export async function visibleEvents(
  views: Reads,
  roomId: RoomId,
  userId: UserId,
  events: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  if (events.length === 0) return events;
  const stayEnd = await endOfStay(views, roomId, userId);
  const verdicts = await Promise.all(
    events.map((event) => isVisible(views, { roomId, userId, stayEnd }, event)),
  );
  return events.filter((_, index) => verdicts[index]);
}

/** Events below this position come before a join of the user; absent where the user never joined. */
type StayEnd = number | undefined;

async function endOfStay(views: Reads, roomId: RoomId, userId: UserId): Promise<StayEnd> {
  const state = await views.currentState(roomId);
  const event = await state.find('m.room.member', userId);
  if (event === undefined) return undefined;
  if (membershipOf(event) === 'join') return Infinity;
  const before = await (
    await views.stateBefore(roomId, event.eventId)
  ).find('m.room.member', userId);
  if (before === undefined || membershipOf(before) !== 'join') return undefined;
  return (await views.findEvent(roomId, event.eventId))?.position;
}

async function isVisible(
  views: Reads,
  viewer: { readonly roomId: RoomId; readonly userId: UserId; readonly stayEnd: StayEnd },
  { pdu, position }: StoredEvent,
): Promise<boolean> {
  const state = await views.stateBefore(viewer.roomId, pdu.eventId);
  const visibility = await state.find('m.room.history_visibility', '');
  const membership = await state.find('m.room.member', viewer.userId);
  return canUserSee(pdu, viewer.userId, {
    historyVisibility: readHistoryVisibility(visibility?.content),
    membership: membership && membershipOf(membership),
    joinsLater: position !== undefined && position < (viewer.stayEnd ?? -Infinity),
  });
}

function membershipOf(event: Pdu): string | undefined {
  const membership = member(event.content, 'membership');
  return typeof membership === 'string' ? membership : undefined;
}
