import type { Clock } from '@hansa/net';
import { parseRoomId, type Pdu, type RoomId, type UserId } from '@hansa/protocol';
import type { TimelinePage } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import {
  findVisibleEvents,
  type EventSearch,
  type FoundEvents,
} from '../../client-events/find-visible-events.ts';
import { readRoomEventFilter } from '../../client-events/read-filter.ts';
import { showStateEvent, showTimelineEvents } from '../../client-events/show-events.ts';
import type { SeenEvent } from '../../client-events/visible-events.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { roomAccess } from '../../membership/room-access.ts';
import { formatStreamToken, readPosition, type TokenPorts } from '../../sync/stream-token.ts';

interface Ports extends TokenPorts {
  readonly engine: Pick<RoomEngine, 'backfill'>;
  readonly views: RoomViews;
  readonly clock: Clock;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;
/** Asked of other servers at a time, so that the next pages are here already. */
const BACKFILL_EVENTS = 100;
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

const Query = Type.Object({
  dir: Type.Union([Type.Literal('b'), Type.Literal('f')]),
  from: Type.Optional(Type.String({ maxLength: 128 })),
  to: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  filter: Type.Optional(Type.String({ maxLength: 65_536 })),
});

/** `GET /rooms/{roomId}/messages`. A token stands behind the event of its position, whichever way it is read. */
export function messages(ports: Ports): Route {
  const { engine, views, clock, incarnation } = ports;
  const token = (position: number) => formatStreamToken({ incarnation, position });
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/messages',
    auth: 'token',
    params: { roomId: parseRoomId },
    query: Query,
    handler: async ({ session, params: { roomId }, query }): Promise<TimelinePage> => {
      const access = await roomAccess(views, roomId, session.userId);
      const filter = readRoomEventFilter(query.filter);
      const isBackward = query.dir === 'b';
      const newest = Math.min(access.upTo, await views.position());
      const from = readPosition(ports, 'from', query.from) ?? (isBackward ? newest : BEFORE_ALL);
      const to = readPosition(ports, 'to', query.to);
      const limit = Math.min(query.limit ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
      const search = { roomId, userId: session.userId, limit, filter };
      const found = isBackward
        ? await findOlder(
            { views, engine: access.isJoined ? engine : undefined },
            { ...search, direction: 'backward', from: Math.min(from, newest) + 1, to },
          )
        : await findVisibleEvents(views, {
            ...search,
            direction: 'forward',
            from,
            to: Math.min(to ?? newest, newest),
          });
      const shown = { now: clock.now(), withoutRoomId: false };
      const end = found.reached === undefined ? from : found.reached - (isBackward ? 1 : 0);
      const state = filter.lazy_load_members ? await speakers(views, roomId, found.events) : [];
      return {
        start: token(from),
        ...(found.exhausted ? {} : { end: token(end) }),
        chunk: await showTimelineEvents(views, roomId, found.events, { reader: session, shown }),
        ...(state.length === 0 ? {} : { state: state.map((pdu) => showStateEvent(pdu, shown)) }),
      };
    },
  });
}

/** What lies before all that we have, or in a gap of it, is asked of other servers before it is passed over. */
async function findOlder(
  { views, engine }: Pick<Ports, 'views'> & { readonly engine: Ports['engine'] | undefined },
  search: EventSearch,
): Promise<FoundEvents> {
  const { roomId } = search;
  if (engine === undefined || search.to !== undefined) return findVisibleEvents(views, search);
  const newer = { roomId, direction: 'forward', from: search.from - 1, limit: 1 } as const;
  const [last] = await views.timeline(newer);
  if (last?.followsGap === true) await engine.backfill(roomId, BACKFILL_EVENTS, last.position);
  const toGap = { ...search, stopsAtGaps: true } as const;
  const found = await findVisibleEvents(views, toGap);
  if (!found.exhausted) return found;
  const hasMore = await engine.backfill(roomId, BACKFILL_EVENTS);
  return hasMore ? { ...(await findVisibleEvents(views, toGap)), exhausted: false } : found;
}

/** Members who speak in the page, as they were at its newest event. */
async function speakers(
  views: RoomViews,
  roomId: RoomId,
  events: readonly SeenEvent[],
): Promise<readonly Pdu[]> {
  const position = (event: SeenEvent) => event.position ?? 0;
  const [newest] = events.toSorted((one, other) => position(other) - position(one));
  if (newest === undefined) return [];
  const state = await views.stateAfter(roomId, newest.pdu.eventId);
  const senders = new Set<UserId>(events.map(({ pdu }) => pdu.sender));
  const found = await Promise.all([...senders].map((user) => state.find('m.room.member', user)));
  return found.filter((pdu) => pdu !== undefined);
}
