import type { EventId, RoomId } from '@hansa/protocol';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { forgottenEvents } from './forgotten-events.ts';
import { isDivided } from './is-divided.ts';
import { roomsOf } from './rooms-of.ts';
import type { RoomAt } from './rooms-of.ts';
import type { Simulated } from './simulated.ts';

/** The same room at the servers that hold themselves for in it, those of a room together. */
export function roomsByServers(
  servers: readonly SimulatedServer[],
): readonly (readonly RoomAt[])[] {
  const byRoom = Map.groupBy(
    servers.flatMap((server) => roomsOf(server)),
    ({ roomId }) => roomId,
  );
  return [...byRoom.values()];
}

/**
 * Likewise, at servers that hold each other for in it, and that may not differ there. Where there are
 * several such parts, none that lacks what is known in another part alone, as nobody there shows it.
 */
export function roomsTogether(
  simulated: Pick<Simulated, 'servers' | 'misled'>,
): readonly (readonly RoomAt[])[] {
  return roomsByServers(simulated.servers).flatMap((all) => {
    if (all[0] === undefined || isDivided(simulated, all[0].roomId)) return [];
    const left = new Set(all);
    const parts: (readonly RoomAt[])[] = [];
    for (const room of left) {
      const part = partOf(room, all);
      for (const each of part) left.delete(each);
      parts.push(part);
    }
    return parts.length === 1
      ? parts
      : parts.filter((part) => !part.some((room) => lacksStory(room, all)));
  });
}

/** Whether it has given up something that others in the room know. */
export function lacksStory({ server }: RoomAt, all: readonly RoomAt[]): boolean {
  return [...forgottenEvents(server)].some((eventId) =>
    all.some(({ events }) => events.has(eventId as EventId)),
  );
}

/**
 * The servers of a room that hold each other for in it, through others too. Resolution may part those who believe to be in
 * a room without an event that says so, as it goes by the clocks of servers and by forks: a join that bears an earlier time
 * than the leave before it loses to that leave where they meet; one on a fork that knew of no closed door loses to that.
 * Nothing in Matrix tells the server whose people that concerns, and nobody answers its questions any more.
 * That whoever puts somebody out tells their server is held by `excludedServersAreTold`.
 */
export function partOf(room: RoomAt, all: readonly RoomAt[]): readonly RoomAt[] {
  const found = new Set([room]);
  for (const one of found) {
    for (const other of all) if (holdEachOtherForIn(one, other)) found.add(other);
  }
  return [...found];
}

function holdEachOtherForIn(one: RoomAt, other: RoomAt): boolean {
  return (
    holdsForIn(one.server, one.roomId, other.server.name) &&
    holdsForIn(other.server, one.roomId, one.server.name)
  );
}

function holdsForIn({ disk }: SimulatedServer, roomId: RoomId, name: string): boolean {
  const member = disk.first(
    `SELECT 1 FROM members WHERE room = (SELECT id FROM rooms WHERE room_id = ?) AND server = ? AND membership = 'join'`,
    roomId,
    name,
  );
  return member !== undefined;
}
