import { authEventKeys, buildEvent, hashAndSignEvent } from '@hansa/protocol';
import type {
  EventId,
  EventTemplate,
  JsonObject,
  RoomId,
  RoomVersionRules,
  UserId,
} from '@hansa/protocol';
import { findStateEvents } from '@hansa/storage';
import type { SimulatedServer } from '../servers/simulated-server.ts';

/** A room as its forger sees it. */
export interface ForgedRoom {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
  /** Events whose state is known, newest first. */
  readonly events: readonly EventId[];
}

export type Forgery = Pick<EventTemplate, 'type' | 'sender' | 'content'> & {
  readonly stateKey?: string;
  readonly prevEvents: readonly EventId[];
  /** By choice; those that the state after the first parent gives where absent. */
  readonly authEvents?: readonly EventId[];
  readonly depth?: number;
  readonly originServerTs: number;
};

/** An event as a server may make it that does as it likes: of the right form, and with its own signature. */
export async function forge(
  { name, key, store }: SimulatedServer,
  { roomId, rules }: ForgedRoom,
  forgery: Forgery,
): Promise<JsonObject> {
  const { events, states } = store.readers;
  const [parent] = forgery.prevEvents;
  const known = parent && (await events.find(roomId, parent));
  const keys = authEventKeys({ stateKey: undefined, ...forgery }, rules);
  const honest = known?.after && (await findStateEvents(states, known.after, keys));
  const template: EventTemplate = {
    depth: (known?.depth ?? 0) + 1,
    ...forgery,
    roomId,
    authEvents: forgery.authEvents ?? (honest ?? []).filter((eventId) => eventId !== undefined),
  };
  return hashAndSignEvent(buildEvent(template, rules), rules, name, key);
}

/** A room that the server is in, of a version whose events name others by their ids alone. */
export async function forgedRoom(
  { disk, store }: SimulatedServer,
  roomId: RoomId,
  newest: number,
): Promise<ForgedRoom | undefined> {
  const room = await store.readers.rooms.find(roomId);
  if (room?.residence !== 'joined' || room.rules.eventFormat !== 'id') return undefined;
  const rows = disk.all(
    `SELECT event_id FROM events WHERE room = (SELECT id FROM rooms WHERE room_id = ?) AND pos > 0
     AND after_t IS NOT NULL ORDER BY pos DESC LIMIT ?`,
    roomId,
    newest,
  );
  return { roomId, rules: room.rules, events: rows.map((row) => row['event_id'] as EventId) };
}

/** Somebody of the server who is in the room. */
export async function memberOf(
  { name, store }: SimulatedServer,
  roomId: RoomId,
): Promise<UserId | undefined> {
  const joined = await store.readers.rooms.listMembers(roomId, 'join');
  return joined.find((userId) => userId.endsWith(`:${name}`));
}
