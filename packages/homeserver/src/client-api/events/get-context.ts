import type { Clock } from '@hansa/net';
import { parseEventId, parseRoomId, type Pdu, type RoomId } from '@hansa/protocol';
import type { RoomEventFilter } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import { passesFilter, passesRooms } from '../../client-events/event-filter.ts';
import { findVisibleEvents } from '../../client-events/find-visible-events.ts';
import { getVisibleEvent } from '../../client-events/get-visible-event.ts';
import { readRoomEventFilter } from '../../client-events/read-filter.ts';
import { showStateEvent, showTimelineEvents } from '../../client-events/show-events.ts';
import type { SeenEvent } from '../../client-events/visible-events.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { roomAccess } from '../../membership/room-access.ts';
import { formatStreamToken, type TokenPorts } from '../../sync/stream-token.ts';

interface Ports extends TokenPorts {
  readonly views: RoomViews;
  readonly clock: Clock;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** `GET /rooms/{roomId}/context/{eventId}`: half of the limit before the event, half behind it. */
export function getContext({ views, clock, incarnation }: Ports): Route {
  const token = (position: number) => formatStreamToken({ incarnation, position });
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/context/{eventId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventId: parseEventId },
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      filter: Type.Optional(Type.String({ maxLength: 65_536 })),
    }),
    handler: async ({ session, params, query }) => {
      const { roomId } = params;
      const { upTo } = await roomAccess(views, roomId, session.userId);
      const event = await getVisibleEvent(views, params, session.userId);
      const at = event.position ?? 0;
      const filter = readRoomEventFilter(query.filter);
      const limit = Math.min(query.limit ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
      const search = { roomId, userId: session.userId, filter, from: at };
      const before = await findVisibleEvents(views, {
        ...search,
        direction: 'backward',
        to: undefined,
        limit: Math.ceil(limit / 2),
      });
      const after = await findVisibleEvents(views, {
        ...search,
        direction: 'forward',
        to: Math.min(upTo, await views.position()),
        limit: Math.floor(limit / 2),
      });
      const events = [...before.events, event, ...after.events];
      const last = after.events.at(-1) ?? event;
      const shown = { now: clock.now(), withoutRoomId: false };
      const show = (list: readonly SeenEvent[]) =>
        showTimelineEvents(views, roomId, list, { reader: session, shown });
      const state = await stateAt(views, { roomId, last, events, filter });
      const [shownEvent] = await show([event]);
      return {
        start: token((before.events.at(-1)?.position ?? at) - 1),
        end: token(last.position ?? at),
        event: shownEvent,
        events_before: await show(before.events),
        events_after: await show(after.events),
        state: state.map((pdu) => showStateEvent(pdu, shown)),
      };
    },
  });
}

interface StateQuery {
  readonly roomId: RoomId;
  readonly last: SeenEvent;
  readonly events: readonly SeenEvent[];
  readonly filter: RoomEventFilter;
}

/** Of the members those alone who speak, where the client loads them lazily. */
async function stateAt(
  views: Pick<RoomViews, 'stateAfter'>,
  { roomId, last, events, filter }: StateQuery,
): Promise<readonly Pdu[]> {
  if (!passesRooms(roomId, filter)) return [];
  const senders = new Set<string>(events.map(({ pdu }) => pdu.sender));
  const isWanted = ({ type, stateKey = '' }: Pdu) =>
    filter.lazy_load_members !== true || type !== 'm.room.member' || senders.has(stateKey);
  const state = await (await views.stateAfter(roomId, last.pdu.eventId)).list();
  return state.filter((pdu) => isWanted(pdu) && passesFilter(pdu, filter));
}
