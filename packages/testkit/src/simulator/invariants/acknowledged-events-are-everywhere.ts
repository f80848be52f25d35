import { isEmpty } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { historyOf, isOutcast, parentsOf, roomsOf } from './rooms-of.ts';
import type { Acknowledged } from './ledger.ts';
import type { RoomAt } from './rooms-of.ts';
import { serversThen } from './servers-then.ts';
import type { Invariant, Simulated } from './simulated.ts';

/**
 * What a client was told to be sent is stored on its own server; and on every other that is in the room and was in it, as
 * the sender's server saw it, when the event took its place. One that came in later may have it before its join, as history.
 * With a hostile server: among the honest ones.
 */
export const acknowledgedEventsAreEverywhere: Invariant = ({ servers, everybody, ledger }) => {
  const byName = new Map<string, SimulatedServer>(servers.map((server) => [server.name, server]));
  return ledger.acknowledged.flatMap((sent) => {
    const own = byName.get(sent.server);
    if (own === undefined) return [];
    const row = own.disk.first('SELECT pos FROM events WHERE event_id = ?', sent.eventId);
    if (row === undefined)
      return [`${sent.server} has lost ${sent.eventId}, for which it answered`];
    if (isEmpty(row, 'pos')) return [];
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
  { roomId, eventId }: Acknowledged,
): boolean {
  const room = roomsOf(server).find((each) => each.roomId === roomId);
  if (room === undefined) return true;
  const together = roomsAt(servers, room.roomId);
  if (isOutcast(room, together)) return true;
  return historyOf(room, together, parentsOf(everybody, room.roomId)).has(eventId);
}

function roomsAt(servers: readonly SimulatedServer[], roomId: string): readonly RoomAt[] {
  return servers.flatMap((server) => roomsOf(server).filter((each) => each.roomId === roomId));
}
