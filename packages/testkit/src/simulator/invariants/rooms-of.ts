import type { EventId, RoomId } from '@hansa/protocol';
import { listState } from '@hansa/storage';
import { isEmpty } from '../world/disk.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';

/** An event as a server has it stored. */
export interface StoredRow {
  readonly eventId: EventId;
  readonly verdict: string;
  readonly place: string;
  /** Of the stream; below zero where it was backfilled, `undefined` where nobody sees it. */
  readonly position: number | undefined;
  readonly depth: number;
  /** State before it was taken on another server's word. */
  readonly claimed: boolean;
}

/** A room that a server is in. */
export interface RoomAt {
  readonly server: SimulatedServer;
  readonly roomId: RoomId;
  readonly extremities: readonly EventId[];
  /** Position after which the present stay began. */
  readonly since: number;
  readonly events: ReadonlyMap<EventId, StoredRow>;
}

/** Rooms that a server is in now. */
export function roomsOf(server: SimulatedServer): readonly RoomAt[] {
  const { disk } = server;
  const rooms = disk.all(
    `SELECT id, room_id, (SELECT max(from_pos) FROM segments WHERE room = rooms.id) AS since
     FROM rooms WHERE residence = 'joined' ORDER BY room_id`,
  );
  return rooms.map((row) => {
    const id = Number(row['id']);
    const extremities = disk.all(
      'SELECT e.event_id FROM extremities x JOIN events e ON e.id = x.event WHERE x.room = ? ORDER BY e.event_id',
      id,
    );
    return {
      server,
      roomId: row['room_id'] as RoomId,
      extremities: extremities.map((each) => each['event_id'] as EventId),
      since: Number(row['since']),
      events: eventsOf(server, id),
    };
  });
}

function eventsOf({ disk }: SimulatedServer, room: number): ReadonlyMap<EventId, StoredRow> {
  const rows = disk.all(
    'SELECT event_id, verdict, place, pos, depth, claimed FROM events WHERE room = ? ORDER BY id',
    room,
  );
  return new Map(
    rows.map((row) => {
      const eventId = row['event_id'] as EventId;
      const position = isEmpty(row, 'pos') ? undefined : Number(row['pos']);
      const [verdict, place] = [String(row['verdict']), String(row['place'])];
      const [depth, claimed] = [Number(row['depth']), row['claimed'] === 1];
      return [eventId, { eventId, verdict, place, position, depth, claimed }];
    }),
  );
}

/** The event that the present stay of the server began with. */
function joinOf({ events, since }: RoomAt): readonly EventId[] {
  const placed = [...events.values()].filter(({ position = 0 }) => position > since);
  const first = placed.toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0)).at(0);
  return first === undefined ? [] : [first.eventId];
}

/**
 * What a server need not have, as it is fetched when somebody reads so far back: what led to its join; and what lies no
 * later than that, by its depth, before a gap that readers are told of.
 */
export function historyOf(
  room: RoomAt,
  together: readonly RoomAt[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const join = joinOf(room);
  const beganAt = room.events.get(join[0] ?? ('' as EventId))?.depth ?? 0;
  const gaps = [...room.events.values()].filter(
    ({ claimed, position = 0 }) => claimed && position > room.since,
  );
  const beforeGaps = ancestorsOf(
    gaps.map(({ eventId }) => eventId),
    parents,
  );
  const isEarly = (eventId: string): boolean =>
    together.some(({ events }) => (events.get(eventId as EventId)?.depth ?? beganAt) < beganAt);
  return new Set([...ancestorsOf(join, parents), ...[...beforeGaps].filter(isEarly)]);
}

/** Current state, as `type state_key → event id`, in the order of the keys. */
export async function stateOf({ server, roomId }: RoomAt): Promise<ReadonlyMap<string, EventId>> {
  const { states } = server.store.readers;
  const ref = await states.findRefAt(roomId, Number.MAX_SAFE_INTEGER);
  if (ref === undefined) return new Map();
  const entries = [...(await listState(states, ref))].map(
    ([type, stateKey, eventId]) => [`${type} ${stateKey}`, eventId] as const,
  );
  return new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What keys two states differ in, in words. */
export function differences(
  one: ReadonlyMap<string, EventId>,
  other: ReadonlyMap<string, EventId>,
): readonly string[] {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys]
    .filter((key) => one.get(key) !== other.get(key))
    .map((key) => `${key}: ${one.get(key)} and ${other.get(key)}`);
}

/** Parents of every event of a room that any of these servers has stored. */
export function parentsOf(
  servers: readonly SimulatedServer[],
  roomId: RoomId,
): ReadonlyMap<string, ReadonlySet<string>> {
  const parents = new Map<string, Set<string>>();
  for (const { disk } of servers) {
    const rows = disk.all(
      `SELECT e.event_id AS child, p.event_id AS prev
       FROM prev_edges x JOIN events e ON e.id = x.event JOIN events p ON p.id = x.prev
       WHERE e.room = (SELECT id FROM rooms WHERE room_id = ?)
       UNION
       SELECT e.event_id, x.prev FROM missing_prev_edges x JOIN events e ON e.id = x.event
       WHERE x.room = (SELECT id FROM rooms WHERE room_id = ?)`,
      roomId,
      roomId,
    );
    for (const { child, prev } of rows) {
      const known = parents.get(String(child)) ?? new Set();
      parents.set(String(child), known.add(String(prev)));
    }
  }
  return parents;
}

/** These events and all that stand before them. */
function ancestorsOf(
  from: readonly string[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const found = new Set(from);
  for (const eventId of found) {
    for (const parent of parents.get(eventId) ?? []) found.add(parent);
  }
  return found;
}
