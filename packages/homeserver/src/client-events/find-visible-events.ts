import type { RoomId, UserId } from '@hansa/protocol';
import type { RoomEventFilter } from '@hansa/protocol/wire';
import type { RoomViews } from '../engine/room-views.ts';
import { passesFilter, passesRooms } from './event-filter.ts';
import { visibleEvents, type SeenEvent, type VisibilityReads } from './visible-events.ts';

export type TimelineReads = VisibilityReads & Pick<RoomViews, 'timeline'>;

export interface EventSearch {
  readonly roomId: RoomId;
  readonly userId: UserId;
  /** `forward`: from < position ≤ to, ascending; `backward`: to < position < from, descending. */
  readonly direction: 'forward' | 'backward';
  readonly from: number;
  readonly to: number | undefined;
  readonly limit: number;
  readonly filter: RoomEventFilter;
  /** An event that follows a gap is the last: what came before it is not the one before it. */
  readonly stopsAtGaps?: true;
}

export interface FoundEvents {
  /** In the order of the search, at most `limit`. */
  readonly events: readonly SeenEvent[];
  /** Position of the last event that is done with; undefined where none is. */
  readonly reached: number | undefined;
  /** Nothing more is to be found within the bounds. */
  readonly exhausted: boolean;
}

const MIN_PAGE = 20;
const MAX_PAGE = 500;
/** Hidden and unwanted events are looked at in pages; after so many the caller is answered with what was found. */
const MAX_PAGES = 5;

/** The first events from a place in a room's timeline that a user may read and wants. */
export async function findVisibleEvents(
  views: TimelineReads,
  search: EventSearch,
): Promise<FoundEvents> {
  const { roomId, userId, direction, to, limit, filter } = search;
  const found: SeenEvent[] = [];
  if (!passesRooms(roomId, filter)) return { events: found, reached: undefined, exhausted: true };
  let { from } = search;
  let reached: number | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const pageLimit = Math.min(Math.max(limit + 1 - found.length, MIN_PAGE), MAX_PAGE);
    const all = await views.timeline({
      roomId,
      direction,
      from,
      limit: pageLimit,
      ...(to === undefined ? {} : { to }),
    });
    const gap = search.stopsAtGaps === true ? all.findIndex((event) => event.followsGap) : -1;
    const page = gap === -1 ? all : all.slice(0, gap + 1);
    const wanted = page.filter(({ pdu }) => passesFilter(pdu, filter));
    found.push(...(await visibleEvents(views, roomId, userId, wanted)));
    if (found.length > limit) {
      const events = found.slice(0, limit);
      return { events, reached: events.at(-1)?.position, exhausted: false };
    }
    reached = page.at(-1)?.position ?? reached;
    if (gap !== -1) break;
    if (page.length < pageLimit) return { events: found, reached, exhausted: true };
    from = reached ?? from;
  }
  return { events: found, reached, exhausted: false };
}
