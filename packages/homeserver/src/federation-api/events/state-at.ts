import type { EventId, Pdu, RoomId, ServerName } from '@hansa/protocol';
import { notFound } from '../../matrix-error.ts';
import type { EventPorts } from './event-ports.ts';

export interface StateAt {
  readonly state: readonly Pdu[];
  readonly authChain: readonly Pdu[];
}

/** State before an event of the room's history, and its auth chain, for a server of the room. */
export async function stateAt(
  { views, access }: Pick<EventPorts, 'views' | 'access'>,
  request: { readonly origin: ServerName; readonly roomId: RoomId; readonly eventId: EventId },
): Promise<StateAt> {
  const { origin, roomId, eventId } = request;
  await access.requireResident(roomId, origin);
  const stored = await views.findEvent(roomId, eventId);
  if (stored?.place !== 'timeline' || stored.verdict === 'quarantined') {
    throw notFound('This server does not have the state at that event.');
  }
  const state = await (await views.stateBefore(roomId, eventId)).list();
  const authChain = await views.authChain(
    roomId,
    state.map((pdu) => pdu.eventId),
  );
  return { state, authChain };
}
