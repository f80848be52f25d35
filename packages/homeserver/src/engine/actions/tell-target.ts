import { isUserId, readMembership, serverOf } from '@hansa/protocol';
import type { Position } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** An invite, or a knock, that ends goes to the server of the user, which is not in the room to hear of it. */
export async function tellTarget(
  { serverName }: Environment,
  draft: RoomDraft,
  { type, stateKey, content, eventId }: Vetted,
  position: Position,
): Promise<void> {
  if (type !== 'm.room.member' || stateKey === undefined || !isUserId(stateKey)) return;
  const membership = readMembership(content);
  const server = serverOf(stateKey);
  if (membership !== 'leave' && membership !== 'ban') return;
  if (server === serverName || draft.getHead().joined.has(server)) return;
  const { replaces } = await draft.getEvent(eventId);
  if (replaces === undefined) return;
  const before = readMembership((await draft.getEvent(replaces)).pdu.content);
  if (before !== 'invite' && before !== 'knock') return;
  draft.destinations.add(server);
  draft.write(({ events }) => events.sendTo(server, draft.roomId, position));
}
