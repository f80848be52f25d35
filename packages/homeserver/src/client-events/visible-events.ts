import {
  canUserSee,
  readHistoryVisibility,
  readMembership,
  type Membership,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import type { RoomViews, StoredEvent } from '../engine/room-views.ts';
import { findStayEnd, type StayReads } from '../membership/stay-end.ts';

export type VisibilityReads = StayReads & Pick<RoomViews, 'stateBefore'>;

/** An event that a user may read, and what the user was to the room then. */
export interface SeenEvent extends StoredEvent {
  /** After the event, which may have changed it; `leave` before there was any. */
  readonly membership: Membership;
}

/** Those of a room's timeline events that a user may read, by the room's state at each. */
export async function visibleEvents(
  views: VisibilityReads,
  roomId: RoomId,
  userId: UserId,
  events: readonly StoredEvent[],
): Promise<readonly SeenEvent[]> {
  if (events.length === 0) return [];
  const stayEnd = (await findStayEnd(views, roomId, userId)) ?? -Infinity;
  const hasForgotten = stayEnd === -Infinity && (await views.hasForgotten(roomId, userId));
  const viewer = { roomId, userId, stayEnd, hasForgotten };
  const seen = await Promise.all(events.map((event) => see(views, viewer, event)));
  return seen.filter((event) => event !== undefined);
}

interface Viewer {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly stayEnd: number;
  /** What the user was to the room counts no more. */
  readonly hasForgotten: boolean;
}

async function see(
  views: VisibilityReads,
  { roomId, userId, stayEnd, hasForgotten }: Viewer,
  event: StoredEvent,
): Promise<SeenEvent | undefined> {
  const { pdu, position } = event;
  const state = await views.stateBefore(roomId, pdu.eventId);
  const visibility = await state.find('m.room.history_visibility', '');
  const before = hasForgotten ? undefined : await state.find('m.room.member', userId);
  const membership = before && readMembership(before.content);
  const isVisible = canUserSee(pdu, userId, {
    historyVisibility: readHistoryVisibility(visibility?.content),
    membership,
    joinsLater: position !== undefined && position < stayEnd,
  });
  if (!isVisible) return undefined;
  const isOwn = pdu.type === 'm.room.member' && pdu.stateKey === userId;
  const after = isOwn ? readMembership(pdu.content) : membership;
  return { ...event, membership: after ?? 'leave' };
}
