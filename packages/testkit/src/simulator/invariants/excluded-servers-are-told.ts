import { serverOf } from '@hansa/protocol';
import type { UserId } from '@hansa/protocol';
import { textOf } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { stateOf } from './rooms-of.ts';
import type { RoomAt } from './rooms-of.ts';
import { roomsByServers } from './rooms-together.ts';
import { serversThen } from './servers-then.ts';
import type { Invariant } from './simulated.ts';

interface Membership {
  readonly id: number;
  readonly eventId: string;
  readonly sender: string;
  readonly membership: string | undefined;
}

/**
 * Whoever takes itself to be in a room has, or has answered for, what put its people out there, by somebody of a server that
 * knew both of them and of that: of who was in the room then, and of who came in afterwards by a server that had not heard of
 * it. Whether it could place that is another matter: what led to it nobody shows who is out. With a hostile server: between
 * honest ones.
 */
export const excludedServersAreTold: Invariant = async ({ servers, ledger }) => {
  const faults: string[] = [];
  for (const all of roomsByServers(servers)) {
    const states = new Map<RoomAt, ReadonlyMap<string, Membership>>();
    for (const room of all) states.set(room, await membershipsOf(room));
    for (const room of all) {
      for (const [userId, join] of states.get(room) ?? []) {
        if (serverOf(userId as UserId) !== room.server.name || join.membership !== 'join') continue;
        for (const other of all) {
          const held = states.get(other)?.get(userId);
          if (other === room || held === undefined || !isDue(other, room, held, join)) continue;
          if (room.server.disk.first(STORED, held.eventId) !== undefined) continue;
          if (ledger.taken(other.server.name, room.server.name).has(held.eventId)) continue;
          faults.push(
            `${room.server.name} takes ${userId} to be in ${room.roomId}, and ${other.server.name} has not told it of ${held.eventId}`,
          );
        }
      }
    }
  }
  return faults;
};

const STORED = 'SELECT id, json FROM events WHERE event_id = ?';

/** Whether `other` was to send what it holds to the server of `room`. */
function isDue(other: RoomAt, room: RoomAt, held: Membership, join: Membership): boolean {
  if (held.membership !== 'leave' && held.membership !== 'ban') return false;
  if (serverOf(held.sender as UserId) !== other.server.name) return false;
  const joinThere = other.server.disk.first(STORED, join.eventId);
  if (joinThere === undefined) return false;
  const cameLater = Number(joinThere['id']) > held.id;
  return cameLater || serversThen(other.server, held.eventId).includes(room.server.name);
}

async function membershipsOf(room: RoomAt): Promise<ReadonlyMap<string, Membership>> {
  const found = new Map<string, Membership>();
  for (const [key, eventId] of await stateOf(room)) {
    const [type, userId = ''] = key.split(' ');
    if (type === 'm.room.member') found.set(userId, membershipOf(room.server, eventId));
  }
  return found;
}

function membershipOf({ disk }: SimulatedServer, eventId: string): Membership {
  const row = disk.first(STORED, eventId);
  const { sender, content } = JSON.parse(textOf(row, 'json')) as {
    readonly sender: string;
    readonly content: { readonly membership?: string };
  };
  return { id: Number(row?.['id']), eventId, sender, membership: content.membership };
}
