import { isUserId, readMembership, serverOf } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import { isOurs, type Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Vetted } from './vetted.ts';

/**
 * A server that comes in gets what takes its place later, and has what led to its join. What was sent meanwhile by those
 * who had not heard of the join is neither: of its ends, ours go there besides, and with them whatever they stand on.
 */
export async function tellNewcomer(
  env: Environment,
  draft: RoomDraft,
  { eventId: join, type, stateKey, content, prevEvents }: Vetted,
): Promise<void> {
  if (type !== 'm.room.member' || readMembership(content) !== 'join') return;
  if (stateKey === undefined || !isUserId(stateKey) || isOurs(env, stateKey)) return;
  const newcomer = serverOf(stateKey);
  const ends = [...draft.getHead().extremities].slice(0, env.limits.namedExtremities);
  for (const [eventId, { server }] of ends) {
    if (eventId === join || prevEvents.includes(eventId) || server === newcomer) continue;
    if (server !== env.serverName && !(await isMembership(draft, eventId))) continue;
    const { roomId } = draft;
    const position = draft.takePosition();
    draft.write(({ events }) => events.sendTo(newcomer, roomId, position, eventId));
    draft.destinations.add(newcomer);
  }
}

/** Those of others that may have come by way of us alone. Servers take no other events of whoever did not make them. */
async function isMembership(draft: RoomDraft, eventId: EventId): Promise<boolean> {
  return (await draft.getEvent(eventId)).pdu.type === 'm.room.member';
}
