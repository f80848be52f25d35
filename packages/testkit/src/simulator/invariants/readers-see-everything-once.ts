import type { EventId } from '@hansa/protocol';
import { END } from '../clients/reader.ts';
import type { Stay } from '../clients/reader.ts';
import type { Person } from '../workload/person.ts';
import { roomsOf, stateOf } from './rooms-of.ts';
import type { RoomAt } from './rooms-of.ts';
import type { Invariant } from './simulated.ts';

/**
 * A client that syncs has seen every event of its rooms once, in the order of their positions, or was told of a gap where
 * it was left out; and what it was told of their state is their state. With a hostile server the same holds of every
 * honest one's clients.
 */
export const readersSeeEverythingOnce: Invariant = async ({ servers, people }) => {
  const faults: string[] = [];
  for (const server of servers) {
    const rooms = new Map<string, RoomAt>(roomsOf(server).map((room) => [room.roomId, room]));
    for (const person of people.filter(({ client }) => client.server === server.name)) {
      const { reader, client } = person;
      faults.push(...reader.faults.map((fault) => `${client.userId}: ${fault}`));
      for (const [roomId, stay] of reader.rooms) {
        const room = rooms.get(roomId);
        if (room === undefined) {
          faults.push(`${client.userId} is shown ${roomId}, which ${server.name} is not in`);
          continue;
        }
        faults.push(
          ...timelineFaults(person, room, stay),
          ...(await stateFaults(person, room, stay)),
        );
      }
      faults.push(...(await absentRooms(person, [...rooms.values()])));
    }
  }
  return faults;
};

function timelineFaults({ client }: Person, room: RoomAt, stay: Stay): readonly string[] {
  const faults: string[] = [];
  const where = `${client.userId} in ${room.roomId}`;
  const seen = new Set<string>();
  let before = -Infinity;
  for (const eventId of stay.seen) {
    const position = room.events.get(eventId as EventId)?.position;
    if (seen.has(eventId)) faults.push(`${where} saw ${eventId} twice`);
    if (position === undefined) faults.push(`${where} saw ${eventId}, which has no position`);
    else if (position < before)
      faults.push(`${where} saw ${eventId} at ${position} after ${before}`);
    before = position ?? before;
    seen.add(eventId);
  }
  const lacking = [...room.events.values()]
    .filter(
      ({ eventId, verdict, place, position = 0 }) =>
        verdict === 'accepted' && place === 'timeline' && position > 0 && !seen.has(eventId),
    )
    .filter(({ position = 0 }) => !isInGap(position, room, stay));
  return [
    ...faults,
    ...lacking.map(({ eventId, position }) => `${where} never saw ${eventId} at ${position}`),
  ];
}

/** Whether the next event that was seen after this position has a gap right before it. */
function isInGap(position: number, { events }: RoomAt, { seen, gapsBefore }: Stay): boolean {
  const next = seen.find((eventId) => (events.get(eventId as EventId)?.position ?? 0) > position);
  return gapsBefore.has(next ?? END);
}

async function stateFaults(
  { client }: Person,
  room: RoomAt,
  stay: Stay,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [key, eventId] of await stateOf(room)) {
    const cut = key.indexOf(' ');
    const shown = stay.picture.state(key.slice(0, cut), key.slice(cut + 1))?.event_id;
    if (shown !== eventId) {
      faults.push(
        `${client.userId} pictures ${key} of ${room.roomId} as ${shown}, and it is ${eventId}`,
      );
    }
  }
  return faults;
}

async function absentRooms(
  { client, reader }: Person,
  rooms: readonly RoomAt[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const room of rooms) {
    if (reader.rooms.has(room.roomId)) continue;
    const joined = await room.server.store.readers.rooms.listMembers(room.roomId, 'join');
    if (joined.includes(client.userId))
      faults.push(`${client.userId} is in ${room.roomId} and was never told`);
  }
  return faults;
}
