import type { Clock } from '@hansa/net';
import { isUserId, member, parseRoomId, type Pdu, type RoomId, type UserId } from '@hansa/protocol';
import { Type } from 'typebox';
import { showStateEvent } from '../../client-events/show-events.ts';
import { visibleEvents } from '../../client-events/visible-events.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';
import { findStateAt } from '../../membership/state-at.ts';
import { readPosition, type TokenPorts } from '../../sync/stream-token.ts';

interface Ports extends TokenPorts {
  readonly views: AccessReads & Pick<RoomViews, 'stateAfter' | 'stateBefore' | 'timeline'>;
  readonly clock: Clock;
}

const Membership = Type.Optional(
  Type.Union(
    (['join', 'invite', 'knock', 'leave', 'ban'] as const).map((each) => Type.Literal(each)),
  ),
);
const Query = Type.Object({
  at: Type.Optional(Type.String({ maxLength: 128 })),
  membership: Membership,
  not_membership: Membership,
});

/** `GET /rooms/{roomId}/members`: now, when the user left, or at a token. */
export function members(ports: Ports): Route {
  const { views, clock } = ports;
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/members',
    auth: 'token',
    params: { roomId: parseRoomId },
    query: Query,
    handler: async ({ session, params: { roomId }, query }) => {
      const access = await roomAccess(views, roomId, session.userId);
      const at = readPosition(ports, 'at', query.at) ?? Infinity;
      const state =
        at < access.upTo ? await stateAsSeenAt(views, roomId, session.userId, at) : access.state;
      const all = (await state?.list('m.room.member')) ?? [];
      const shown = { now: clock.now(), withoutRoomId: false };
      return {
        chunk: all.filter((pdu) => isWanted(pdu, query)).map((pdu) => showStateEvent(pdu, shown)),
      };
    },
  });
}

/** Two conditions, of which one suffices; without any everybody is wanted. */
function isWanted(
  { content, stateKey }: Pdu,
  wanted: { readonly membership?: string; readonly not_membership?: string },
): boolean {
  if (stateKey === undefined || !isUserId(stateKey)) return false;
  const { membership: only, not_membership: not } = wanted;
  if (only === undefined && not === undefined) return true;
  const membership = member(content, 'membership');
  return membership === only || (not !== undefined && membership !== not);
}

/** Who may not read what happened at that place does not learn who was there either. */
async function stateAsSeenAt(views: Ports['views'], roomId: RoomId, userId: UserId, at: number) {
  const last = await views.timeline({ roomId, direction: 'backward', from: at + 1, limit: 1 });
  const seen = await visibleEvents(views, roomId, userId, last);
  if (seen.length < last.length) throw forbidden('You may not see the room as it was then.');
  const state = await findStateAt(views, roomId, at);
  const [event] = last;
  // From before our time in the room there is the state at each event that was fetched since.
  return state ?? (event && views.stateAfter(roomId, event.pdu.eventId));
}
