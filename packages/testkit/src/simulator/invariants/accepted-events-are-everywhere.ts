import type { EventId } from '@hansa/protocol';
import { textOf } from '../world/disk.ts';
import { historyOf, parentsOf } from './rooms-of.ts';
import type { RoomAt } from './rooms-of.ts';
import { roomsTogether } from './rooms-together.ts';
import { serversThen } from './servers-then.ts';
import type { Invariant, Simulated } from './simulated.ts';

/**
 * What one server in a room has accepted since it came in, every other has stored, as accepted or soft-failed (which of
 * them depends on arrival), unless it is history there, which is fetched when somebody reads it; or is a join of that
 * other's own, whose answer was lost. With a hostile server: of events that honest servers made, among the honest ones;
 * what the hostile one made it may have shown to some alone.
 */
export const acceptedEventsAreEverywhere: Invariant = (simulated) =>
  everywhere(simulated, () => true);

/**
 * The same before anybody has said more, of what servers have made since they came in: who has left tells nobody who came in
 * unheard of by it, even when back, and those who are there do not send what is not theirs, nor an invite of theirs that
 * another server signed and whose answer was lost. With a hostile server: of what was said when the sender's server held the
 * other for in the room; the hostile one may have thrown that out, by an event that a later one of its own undoes, and shown
 * the later one to some alone.
 */
export const eventsOfThoseThereAreEverywhere: Invariant = (simulated) =>
  everywhere(simulated, (together, eventId, lacking) =>
    together.some(
      (room) =>
        isOf(room.server.name, together, eventId) &&
        isOfPresentStay(room, eventId) &&
        (simulated.hostile === undefined ||
          serversThen(room.server, eventId).includes(lacking.server.name)),
    ),
  );

function everywhere(
  simulated: Simulated,
  counts: (together: readonly RoomAt[], eventId: string, lacking: RoomAt) => boolean,
): readonly string[] {
  const { everybody, hostile } = simulated;
  return roomsTogether(simulated).flatMap((together) => {
    const [first] = together;
    if (first === undefined) return [];
    const parents = parentsOf(everybody, first.roomId);
    const hasClaims = together.some(({ events }) => events.values().some(({ claimed }) => claimed));
    const mayDiffer = hostile !== undefined && hasClaims;
    const accepted = new Set(together.flatMap((room) => acceptedHere(room)));
    return together.flatMap((room) => {
      const before = historyOf(room, together, parents);
      const lacking = [...accepted].filter((eventId) => {
        const verdict = room.events.get(eventId)?.verdict;
        if (verdict === 'accepted' || verdict === 'soft-failed') return false;
        if (verdict !== undefined) return !mayDiffer;
        return !before.has(eventId) && !isOwnMembership(room, together, eventId);
      });
      return lacking
        .filter((eventId) => counts(together, eventId, room))
        .filter((eventId) => hostile === undefined || !isOf(hostile, together, eventId))
        .map((eventId) => {
          const verdict = room.events.get(eventId)?.verdict ?? 'missing';
          const where = together.filter(
            ({ events }) => events.get(eventId)?.verdict === 'accepted',
          );
          const names = where.map(({ server }) => server.name).join(', ');
          return `${eventId} of ${room.roomId} is accepted at ${names} and ${verdict} at ${room.server.name}`;
        });
    });
  });
}

function isOfPresentStay({ events, since }: RoomAt, eventId: string): boolean {
  const event = events.get(eventId as EventId);
  return event !== undefined && (event.position ?? Infinity) > since;
}

function acceptedHere({ events, since }: RoomAt): readonly EventId[] {
  return [...events.values()]
    .filter(
      ({ verdict, place, position }) =>
        verdict === 'accepted' && place === 'timeline' && (position ?? 0) > since,
    )
    .map(({ eventId }) => eventId);
}

function isOf(server: string, together: readonly RoomAt[], eventId: string): boolean {
  return headOf(together, eventId)?.sender.endsWith(`:${server}`) === true;
}

/** A join whose answer was lost, so that its own server does not know whether it counts and made another. */
function isOwnMembership(
  { server }: RoomAt,
  together: readonly RoomAt[],
  eventId: string,
): boolean {
  const isMembership = headOf(together, eventId)?.type === 'm.room.member';
  return isMembership && isOf(server.name, together, eventId);
}

interface Head {
  readonly sender: string;
  readonly type: string;
}

function headOf(together: readonly RoomAt[], eventId: string): Head | undefined {
  for (const { server } of together) {
    const row = server.disk.first('SELECT json FROM events WHERE event_id = ?', eventId);
    if (row !== undefined) return JSON.parse(textOf(row, 'json')) as Head;
  }
  return undefined;
}
