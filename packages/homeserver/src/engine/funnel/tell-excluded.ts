import { isUserId, readMembership, serverOf } from '@hansa/protocol';
import { findStateEvents } from '@hansa/storage';
import { isOurs, type Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Vetted } from './vetted.ts';

/**
 * Whose join is not taken, as somebody of ours has put them out, may have come in by a server that had not heard of it.
 * Their own server was not in the room when that was sent, and would believe for good to be in: it gets what puts them out.
 */
export async function tellExcluded(
  env: Environment,
  draft: RoomDraft,
  { type, stateKey, content }: Vetted,
): Promise<void> {
  if (type !== 'm.room.member' || readMembership(content) !== 'join') return;
  if (stateKey === undefined || !isUserId(stateKey) || isOurs(env, stateKey)) return;
  const { current } = draft.getHead();
  if (current === undefined) return;
  const [held] = await findStateEvents(draft.states, current, [['m.room.member', stateKey]]);
  const excluding = held && (await draft.getEvent(held)).pdu;
  // Servers take no events of others from whoever did not make them.
  if (excluding === undefined || !isOurs(env, excluding.sender)) return;
  const membership = readMembership(excluding.content);
  if (membership !== 'leave' && membership !== 'ban') return;
  const { roomId } = draft;
  const server = serverOf(stateKey);
  const position = draft.takePosition();
  draft.write(({ events }) => events.sendTo(server, roomId, position, excluding.eventId));
  draft.destinations.add(server);
}
