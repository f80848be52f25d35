import { textOf } from '../world/disk.ts';
import { roomsOf, stateOf } from './rooms-of.ts';
import type { Invariant } from './simulated.ts';

/** Who is in a room is what its state says. With a hostile server the same holds of every honest one. */
export const membersFollowTheState: Invariant = async ({ servers }) => {
  const faults: string[] = [];
  for (const server of servers) {
    for (const room of roomsOf(server)) {
      const inState: string[] = [];
      for (const [key, eventId] of await stateOf(room)) {
        const [type, userId = ''] = key.split(' ');
        if (type !== 'm.room.member') continue;
        const row = server.disk.first('SELECT json FROM events WHERE event_id = ?', eventId);
        const json = JSON.parse(textOf(row, 'json')) as {
          readonly content: { readonly membership?: string };
        };
        if (json.content.membership === 'join') inState.push(userId);
      }
      const joined = await server.store.readers.rooms.listMembers(room.roomId, 'join');
      const [expected, found] = [inState.toSorted().join(' '), joined.toSorted().join(' ')];
      if (expected !== found) {
        faults.push(`${server.name} has ${found} in ${room.roomId}, and ${expected} in its state`);
      }
    }
  }
  return faults;
};
