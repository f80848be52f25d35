import type { EventId, Pdu, RoomId } from '@hansa/protocol';
import { listState } from '@hansa/storage';
import type { AcceptedJoin } from '../intents.ts';
import type { SendMembership } from '../room-engine.ts';
import { servedPdus } from '../views/state-view.ts';
import { authChainOf } from '../views/walk-back.ts';
import { acceptMembership, type ResidentPorts } from './accept-membership.ts';

/** `send_join`: the room as it was before the join, in full. */
export async function acceptJoin(
  ports: ResidentPorts,
  request: SendMembership,
): Promise<AcceptedJoin> {
  const event = await acceptMembership(ports, request, 'join');
  const { roomId, readers } = { roomId: request.roomId, readers: ports.readers };
  const before = (await readers.events.find(roomId, event.eventId))?.before;
  if (before === undefined) throw new Error('an accepted join has no state before it');
  const state = await listState(readers.states, before);
  const stateIds = [...state].map(([, , eventId]) => eventId);
  const chain = await authChainOf(readers, roomId, [...stateIds, event.eventId]);
  return {
    event,
    state: await read(ports, roomId, stateIds),
    authChain: await read(ports, roomId, [...chain]),
    serversInRoom: [...(await readers.rooms.countJoined(roomId)).keys()],
  };
}

async function read(
  { readers }: ResidentPorts,
  roomId: RoomId,
  eventIds: readonly EventId[],
): Promise<readonly Pdu[]> {
  return servedPdus(await readers.events.findMany(roomId, eventIds));
}
