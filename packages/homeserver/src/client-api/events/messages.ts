import type { Clock } from '@hansa/net';
import { parseRoomId, type RoomId, type UserId } from '@hansa/protocol';
import type { TimelinePage } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import { formatStateEvent, formatTimelineEvent } from '../../client-events/format-event.ts';
import { visibleEvents } from '../../client-events/visible-events.ts';
import type { RoomViews, StoredEvent } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { invalidParam } from '../../matrix-error.ts';
import { roomAccess } from '../../membership/room-access.ts';
import { passesFilter } from '../../sync/event-filter.ts';
import { readRoomEventFilter } from '../../sync/read-filter.ts';
import { formatStreamToken, parseStreamToken } from '../../sync/stream-token.ts';

interface Ports {
  readonly views: RoomViews;
  readonly clock: Clock;
  readonly incarnation: string;
  /** Brings older events from other servers where ours do not reach; resolves when there are some or none to be had. */
  readonly backfill: (roomId: RoomId, limit: number) => Promise<void>;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

const Query = Type.Object({
  dir: Type.Union([Type.Literal('b'), Type.Literal('f')]),
  from: Type.Optional(Type.String({ maxLength: 128 })),
  to: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  filter: Type.Optional(Type.String({ maxLength: 65_536 })),
});

/** `GET /rooms/{roomId}/messages`. A token stands behind the event of its position, whichever way it is read. */
export function messages(ports: Ports): Route {
  const { views, clock, incarnation } = ports;
  const token = (position: number) => formatStreamToken({ incarnation, position });
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/messages',
    auth: 'token',
    params: { roomId: parseRoomId },
    query: Query,
    handler: async ({ session, params: { roomId }, query }): Promise<TimelinePage> => {
      const { upTo } = await roomAccess(views, roomId, session.userId);
      const filter = readRoomEventFilter(query.filter);
      const newest = Math.min(upTo, await views.position());
      const isBackward = query.dir === 'b';
      const oldest = Number.MIN_SAFE_INTEGER;
      const from = readPosition('from', query.from) ?? (isBackward ? newest : oldest);
      const page = await readPage(ports, {
        roomId,
        isBackward,
        from: Math.min(from, newest),
        to: readPosition('to', query.to),
        newest,
        limit: Math.min(query.limit ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
      });
      const visible = await visibleEvents(views, roomId, session.userId, page.events);
      const wanted = visible.filter(({ pdu }) => passesFilter(pdu, filter));
      const shown = { now: clock.now(), withoutRoomId: false };
      const state = filter.lazy_load_members ? await speakers(views, roomId, wanted) : [];
      return {
        start: token(from),
        ...(page.end === undefined ? {} : { end: token(page.end) }),
        chunk: wanted.map((event) => formatTimelineEvent(event, session, shown)),
        ...(state.length === 0 ? {} : { state: state.map((pdu) => formatStateEvent(pdu, shown)) }),
      };
    },
  });
}

interface PageQuery {
  readonly roomId: RoomId;
  readonly isBackward: boolean;
  readonly from: number;
  readonly to: number | undefined;
  readonly newest: number;
  readonly limit: number;
}

/** `end` is absent where there is nothing beyond, here or on any server. */
async function readPage(
  { views, backfill }: Ports,
  { roomId, isBackward, from, to, newest, limit }: PageQuery,
): Promise<{ readonly events: readonly StoredEvent[]; readonly end: number | undefined }> {
  const read = () =>
    isBackward
      ? views.timeline({
          roomId,
          direction: 'backward',
          from: from + 1,
          ...(to === undefined ? {} : { to }),
          limit,
        })
      : views.timeline({ roomId, direction: 'forward', from, to: to ?? newest, limit });
  let events = await read();
  if (isBackward && events.length < limit) {
    await backfill(roomId, limit - events.length);
    events = await read();
  }
  const last = events.at(-1)?.position;
  if (last === undefined) return { events, end: isBackward ? undefined : from };
  return { events, end: isBackward ? last - 1 : last };
}

async function speakers(views: RoomViews, roomId: RoomId, events: readonly StoredEvent[]) {
  const senders = new Set<UserId>(events.map(({ pdu }) => pdu.sender));
  const state = await views.currentState(roomId);
  const found = await Promise.all([...senders].map((user) => state.find('m.room.member', user)));
  return found.filter((pdu) => pdu !== undefined);
}

function readPosition(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const token = parseStreamToken(text);
  if (!token.ok) throw invalidParam(`${name}: ${token.reason}`);
  return token.value.position;
}
