import type { RoomId } from '@hansa/protocol';
import { findStateEvents } from '@hansa/storage';
import type { Exchange, NetworkWatch, SimulatedNetwork } from '../network/simulated-network.ts';
import type { FaceAnswer } from '../servers/faces.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { textOf } from '../world/disk.ts';
import { SEND, takenBy } from './ledger.ts';

/**
 * Holds honest servers to the access lists of their rooms: of a server that is kept out when its transaction comes, and
 * still when that is answered, nothing is taken.
 */
export class AccessWatch implements NetworkWatch {
  /** What is wrong, in words. */
  readonly #faults: string[] = [];
  readonly #network: SimulatedNetwork;
  readonly #isHonest: (server: string) => boolean;
  readonly #arrived = new Map<Exchange, Promise<readonly string[]>[]>();
  readonly #checks: Promise<void>[] = [];
  /** By server and event: the answer to the same transaction comes again, whatever the list says by then. */
  readonly #taken = new Set<string>();

  constructor(network: SimulatedNetwork, isHonest: (server: string) => boolean) {
    this.#network = network;
    this.#isHonest = isHonest;
  }

  async faults(): Promise<readonly string[]> {
    await Promise.all(this.#checks);
    return this.#faults;
  }

  arrived(exchange: Exchange): void {
    const { to, face, request } = exchange;
    if (face !== 'federation' || !request.path.startsWith(SEND) || !this.#isHonest(to)) return;
    const arrivals = this.#arrived.get(exchange) ?? [];
    this.#arrived.set(exchange, [...arrivals, this.#closedRooms(exchange)]);
  }

  answered(exchange: Exchange, answer: FaceAnswer): void {
    const before = this.#arrived.get(exchange)?.shift();
    if (before === undefined) return;
    const news = takenBy(exchange, answer).filter((id) => !this.#taken.has(`${exchange.to} ${id}`));
    for (const eventId of news) this.#taken.add(`${exchange.to} ${eventId}`);
    if (news.length > 0) this.#checks.push(this.#check(exchange, before, news));
  }

  heard(): void {}

  async #check(
    exchange: Exchange,
    before: Promise<readonly string[]>,
    taken: readonly string[],
  ): Promise<void> {
    const { from, to } = exchange;
    const after = await this.#closedRooms(exchange);
    const closed = (await before).filter((roomId) => after.includes(roomId));
    const disk = this.#network.servers.get(to)?.disk;
    for (const eventId of taken) {
      const sql = 'SELECT r.room_id FROM events e JOIN rooms r ON r.id = e.room WHERE event_id = ?';
      const roomId = String(disk?.first(sql, eventId)?.['room_id']);
      if (!closed.includes(roomId)) continue;
      this.#faults.push(`${to} took ${eventId} of ${roomId} from ${from}, which is kept out there`);
    }
  }

  /** Rooms of the transaction that its origin is kept out of, as the server that gets it sees them. */
  async #closedRooms({ from, to, request }: Exchange): Promise<readonly string[]> {
    const server = this.#network.servers.get(to);
    const { pdus } = JSON.parse(String(request.body)) as {
      readonly pdus: readonly { readonly room_id?: unknown }[];
    };
    const rooms = new Set(pdus.map(({ room_id: roomId }) => String(roomId)));
    const closed: string[] = [];
    for (const roomId of rooms) {
      if (server !== undefined && (await denied(server, roomId as RoomId)).includes(from))
        closed.push(roomId);
    }
    return closed;
  }
}

/** Names that the present list of a room denies; the simulator's have no patterns. */
async function denied(server: SimulatedServer, roomId: RoomId): Promise<readonly string[]> {
  if (server.isDown) return [];
  const { states } = server.store.readers;
  const ref = await states.findRefAt(roomId, Number.MAX_SAFE_INTEGER);
  const [eventId] = ref ? await findStateEvents(states, ref, [['m.room.server_acl', '']]) : [];
  if (eventId === undefined) return [];
  const row = server.disk.first('SELECT json FROM events WHERE event_id = ?', eventId);
  const { content } = JSON.parse(textOf(row, 'json')) as {
    readonly content: { readonly deny?: readonly string[] };
  };
  return content.deny ?? [];
}
