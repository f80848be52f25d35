import type { EventId, RoomId, UserId } from '@hansa/protocol';
import { notFound } from '../matrix-error.ts';
import { visibleEvents, type SeenEvent, type VisibilityReads } from './visible-events.ts';

/**
 * What a user may not see does not exist for them.
 * @throws MatrixError `M_NOT_FOUND`
 */
export async function getVisibleEvent(
  views: VisibilityReads,
  { roomId, eventId }: { readonly roomId: RoomId; readonly eventId: EventId },
  userId: UserId,
): Promise<SeenEvent> {
  const found = await views.findEvent(roomId, eventId);
  const isShown = found?.verdict === 'accepted' && found.place === 'timeline';
  const [visible] = isShown ? await visibleEvents(views, roomId, userId, [found]) : [];
  if (visible === undefined) throw notFound('There is no such event, or you may not see it.');
  return visible;
}
