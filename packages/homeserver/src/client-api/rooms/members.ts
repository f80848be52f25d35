import type { Clock } from '@hansa/net';
import { member, parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { formatStateEvent } from '../../client-events/format-event.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { invalidParam } from '../../matrix-error.ts';
import { roomAccess } from '../../membership/room-access.ts';
import { parseStreamToken } from '../../sync/stream-token.ts';

interface Ports {
  readonly views: Pick<RoomViews, 'currentState' | 'membershipsOf' | 'stateAtPosition'>;
  readonly clock: Clock;
}

const Membership = Type.Optional(Type.String({ maxLength: 16 }));
const Query = Type.Object({
  at: Type.Optional(Type.String({ maxLength: 128 })),
  membership: Membership,
  not_membership: Membership,
});

/** `GET /rooms/{roomId}/members` */
export function members({ views, clock }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/members',
    auth: 'token',
    params: { roomId: parseRoomId },
    query: Query,
    handler: async ({ session, params, query }) => {
      const access = await roomAccess(views, params.roomId, session.userId);
      const at = query.at === undefined ? Infinity : positionOf(query.at);
      const state =
        at < access.upTo ? await views.stateAtPosition(params.roomId, at) : access.state;
      const wanted = (await state.list('m.room.member')).filter((pdu) => {
        const membership = member(pdu.content, 'membership');
        const isExcluded = query.not_membership === membership;
        return !isExcluded && (query.membership ?? membership) === membership;
      });
      const shown = { now: clock.now(), withoutRoomId: false };
      return { chunk: wanted.map((pdu) => formatStateEvent(pdu, shown)) };
    },
  });
}

function positionOf(text: string): number {
  const token = parseStreamToken(text);
  if (!token.ok) throw invalidParam(`at: ${token.reason}`);
  return token.value.position;
}
