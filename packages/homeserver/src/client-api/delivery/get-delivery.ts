import { parseEventId, parseRoomId } from '@hansa/protocol';
import type { DeliveryPage, ServerDelivery } from '@hansa/protocol/wire';
import type { Destination, DestinationReader, Refusal } from '@hansa/storage';
import { Type } from 'typebox';
import { getVisibleEvent } from '../../client-events/get-visible-event.ts';
import type { VisibilityReads } from '../../client-events/visible-events.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';

const DEFAULT_SERVERS = 100;
const MAX_SERVERS = 500;

interface Ports {
  readonly views: VisibilityReads;
  readonly destinations: Pick<DestinationReader, 'listTargets' | 'listRefusals'>;
}

/**
 * `GET /unstable/chat.hansa/rooms/{roomId}/delivery/{eventId}`, of ours alone: where an event of the caller's has
 * arrived, where it waits and for how long, and who refused it. Refusals are told for as long as they are kept.
 */
export function getDelivery({ views, destinations }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/unstable/chat.hansa/rooms/{roomId}/delivery/{eventId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventId: parseEventId },
    query: Type.Object({
      from: Type.Optional(Type.String({ maxLength: 255 })),
      limit: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
    handler: async ({ session, params, query }): Promise<DeliveryPage> => {
      const { pdu, position } = await getVisibleEvent(views, params, session.userId);
      if (pdu.sender !== session.userId) {
        throw forbidden('Only who sent an event is told where it has arrived.');
      }
      if (position === undefined) return { servers: [] };
      const { from: after = '' } = query;
      const limit = Math.min(query.limit ?? DEFAULT_SERVERS, MAX_SERVERS);
      const { roomId } = params;
      const targets = await destinations.listTargets({ roomId, position, after, limit });
      const refusals = await destinations.listRefusals(position);
      const servers = targets.map((target) => describe(target, position, refusals));
      const last = targets.at(-1);
      return last === undefined || targets.length < limit
        ? { servers }
        : { servers, next_batch: last.server };
    },
  });
}

function describe(
  { server, cursor, failures, retryAt }: Destination,
  position: number,
  refusals: readonly Refusal[],
): ServerDelivery {
  if (cursor < position) {
    const retry = retryAt === undefined ? {} : { retry_at: retryAt };
    return { server, state: 'waiting', failures, ...retry };
  }
  const refusal = refusals.find((each) => each.server === server);
  if (refusal === undefined) return { server, state: 'delivered' };
  return { server, state: 'refused', error: refusal.error, at: refusal.at };
}
