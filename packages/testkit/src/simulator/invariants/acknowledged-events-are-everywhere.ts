import type { EventId } from '@hansa/protocol';
import { isEmpty } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { isDivided } from './is-divided.ts';
import { historyOf, parentsOf, roomsOf } from './rooms-of.ts';
import type { Acknowledged } from './ledger.ts';
import type { RoomAt } from './rooms-of.ts';
import { lacksStory, partOf } from './rooms-together.ts';
import { serversThen } from './servers-then.ts';
import type { Invariant, Simulated } from './simulated.ts';

/**
 * What a client was told to be sent is stored on its own server; and on every other that is in the room and was in it, as
 * the sender's server saw it, when the event took its place, unless it is hidden to all who are in the room, or
 * servers may differ there. One that came
 * in later may have it before its join, as history. With a hostile server: among the honest ones.
 */
export const acknowledgedEventsAreEverywhere: Invariant = (simulated) => {
  const { servers, everybody, ledger } = simulated;
  const byName = new Map<string, SimulatedServer>(servers.map((server) => [server.name, server]));
  return ledger.acknowledged.flatMap((sent) => {
    const own = byName.get(sent.server);
    if (own === undefined) return [];
    const row = own.disk.first('SELECT pos FROM events WHERE event_id = ?', sent.eventId);
    if (row === undefined)
      return [`${sent.server} has lost ${sent.eventId}, for which it answered`];
    if (isEmpty(row, 'pos') || isDivided(simulated, sent.roomId)) return [];
    return serversThen(own, sent.eventId).flatMap((name) => {
      const other = byName.get(name);
      return other === undefined ||
        has(other, sent.eventId) ||
        isPast(other, { servers, everybody }, sent)
        ? []
        : [
            `${name} has never got ${sent.eventId} of ${sent.roomId}, for which ${sent.server} answered`,
          ];
    });
  });
};

function has({ disk }: SimulatedServer, eventId: string): boolean {
  return disk.first('SELECT 1 FROM events WHERE event_id = ?', eventId) !== undefined;
}

/** Whether the server is out of the room, or the event is history there. */
function isPast(
  server: SimulatedServer,
  { servers, everybody }: Pick<Simulated, 'servers' | 'everybody'>,
  { roomId, eventId, server: sender }: Acknowledged,
): boolean {
  const room = roomsOf(server).find((each) => each.roomId === roomId);
  if (room === undefined) return true;
  const together = roomsAt(servers, room.roomId);
  if (isApart(room, together, sender) || isHiddenToAll(roomsAt(everybody, roomId), eventId)) {
    return true;
  }
  return historyOf(room, together, parentsOf(everybody, room.roomId)).has(eventId);
}

/**
 * Whether resolution has parted the server from the sender's, or from some others where the sender has left; or from those
 * who alone know what led to something that it was sent.
 */
function isApart(room: RoomAt, together: readonly RoomAt[], sender: string): boolean {
  const part = partOf(room, together);
  if (part.length < together.length && lacksStory(room, together)) return true;
  return together.some(({ server }) => server.name === sender)
    ? part.every(({ server }) => server.name !== sender)
    : part.length < together.length;
}

/** Whether those in the room that have it hide it, as of one who had been thrown out and did not know: nobody passes it on. */
function isHiddenToAll(together: readonly RoomAt[], eventId: string): boolean {
  const held = together.flatMap(({ events }) => events.get(eventId as EventId) ?? []);
  return held.length > 0 && held.every(({ verdict }) => verdict !== 'accepted');
}

function roomsAt(servers: readonly SimulatedServer[], roomId: string): readonly RoomAt[] {
  return servers.flatMap((server) => roomsOf(server).filter((each) => each.roomId === roomId));
}
