import type { RoomId, UserId } from '@hansa/protocol';
import type { RoomEventFilter } from '@hansa/protocol/wire';
import { findVisibleEvents, type TimelineReads } from '../client-events/find-visible-events.ts';
import type { SeenEvent } from '../client-events/visible-events.ts';

/** The newest events of a room within (after, upTo] that the viewer may read and wants, oldest first. */
export interface TimelineWindow {
  readonly events: readonly SeenEvent[];
  /** Events within the bounds were left out before the first of these. */
  readonly limited: boolean;
  /** Where `/messages` goes on backwards. */
  readonly startsAfter: number;
}

export interface WindowQuery {
  readonly roomId: RoomId;
  readonly userId: UserId;
  /** Absent: as far back as the limit allows. */
  readonly after: number | undefined;
  readonly upTo: number;
  readonly filter: RoomEventFilter;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 500;

export async function readTimelineWindow(
  views: TimelineReads,
  { roomId, userId, after, upTo, filter }: WindowQuery,
): Promise<TimelineWindow> {
  const { events: newestFirst, exhausted } = await findVisibleEvents(views, {
    roomId,
    userId,
    direction: 'backward',
    filter,
    from: upTo + 1,
    to: after,
    limit: Math.min(filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
    stopsAtGaps: true,
  });
  const events = newestFirst.toReversed();
  const isWhole = exhausted && after !== undefined;
  const first = events[0]?.position;
  return {
    events,
    limited: !exhausted,
    startsAfter: isWhole ? after : first === undefined ? upTo : first - 1,
  };
}
