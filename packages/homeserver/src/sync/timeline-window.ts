import type { RoomId } from '@hansa/protocol';
import type { RoomViews, StoredEvent } from '../engine/room-views.ts';

/** The newest events of a room within (after, upTo], oldest first. */
export interface TimelineWindow {
  readonly events: readonly StoredEvent[];
  /** Events within the bounds were left out before the first of these. */
  readonly limited: boolean;
  /** Where `/messages` goes on backwards. */
  readonly startsAfter: number;
}

interface WindowQuery {
  readonly roomId: RoomId;
  /** Absent: as far back as the limit allows. */
  readonly after: number | undefined;
  readonly upTo: number;
  readonly limit: number;
}

export async function readTimelineWindow(
  views: Pick<RoomViews, 'timeline'>,
  { roomId, after, upTo, limit }: WindowQuery,
): Promise<TimelineWindow> {
  const newestFirst = await views.timeline({
    roomId,
    direction: 'backward',
    from: upTo + 1,
    ...(after === undefined ? {} : { to: after }),
    limit: limit + 1,
  });
  const events = newestFirst.slice(0, limit).reverse();
  const limited = newestFirst.length > limit;
  const first = events[0]?.position;
  const isWhole = !limited && after !== undefined;
  return {
    events,
    limited,
    startsAfter: first === undefined || isWhole ? (after ?? upTo) : first - 1,
  };
}
