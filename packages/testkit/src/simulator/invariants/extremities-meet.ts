import type { EventId } from '@hansa/protocol';
import { textOf } from '../world/disk.ts';
import type { RoomAt } from './rooms-of.ts';
import { roomsTogether } from './rooms-together.ts';
import type { Invariant } from './simulated.ts';

/**
 * When everybody in a room has said something and all has arrived, it ends in the same events everywhere; but for what others
 * hide, at servers whose people have not been allowed to say more since. With a hostile server nothing is said of it: whom it
 * gave which forks may stay different for as long as it lives.
 */
export const extremitiesMeet: Invariant = (simulated) => {
  if (simulated.hostile !== undefined) return [];
  return roomsTogether(simulated).flatMap((together) => {
    const byEnds = Map.groupBy(together, (room) => endsOf(room, together).join(' '));
    if (byEnds.size <= 1) return [];
    const ends = [...byEnds].map(
      ([key, rooms]) => `${rooms.map(({ server }) => server.name).join(', ')}: ${key}`,
    );
    return [`${together[0]?.roomId} ends in other events at ${ends.join('; at ')}`];
  });
};

/** Nobody names what is hidden where he is: only who sees such an end can end it, by an event that names it. */
function endsOf(room: RoomAt, together: readonly RoomAt[]): readonly EventId[] {
  return room.extremities.filter((eventId) => {
    const isHidden = together.some(({ events }) => events.get(eventId)?.verdict === 'soft-failed');
    return !isHidden || hasSpokenSince(room, eventId);
  });
}

function hasSpokenSince({ server, roomId, events }: RoomAt, eventId: EventId): boolean {
  const rows = server.disk.all(
    `SELECT json FROM events WHERE room = (SELECT id FROM rooms WHERE room_id = ?)
     AND verdict = 'accepted' AND pos > ?`,
    roomId,
    events.get(eventId)?.position ?? 0,
  );
  return rows.some((row) => {
    const { sender } = JSON.parse(textOf(row, 'json')) as { readonly sender: string };
    return sender.endsWith(`:${server.name}`);
  });
}
