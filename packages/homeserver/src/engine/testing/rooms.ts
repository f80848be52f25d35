import { getRoomVersion, member } from '@hansa/protocol';
import type { EventId, JsonObject, RoomId, RoomVersionId, UserId } from '@hansa/protocol';
import type { Appended, RoomCreation } from '../intents.ts';
import type { TestServer } from './test-server.ts';

/** A room as the presets of the client API make it. */
export function roomCreation(
  creator: UserId,
  options: {
    readonly version?: RoomVersionId;
    readonly joinRule?: string;
    readonly powerLevels?: JsonObject;
  } = {},
): RoomCreation {
  const rules = getRoomVersion(options.version ?? '12');
  const users = rules.auth.privilegedCreators ? {} : { [creator]: 100 };
  const state = (type: string, content: JsonObject) => ({ type, stateKey: '', content });
  return {
    rules,
    creator,
    createContent: {},
    creatorProfile: { displayname: 'Creator' },
    initialState: [
      state('m.room.power_levels', { users, ...options.powerLevels }),
      state('m.room.join_rules', { join_rule: options.joinRule ?? 'public' }),
      state('m.room.history_visibility', { history_visibility: 'shared' }),
    ],
  };
}

/** Says something in a room. */
export function say(
  server: TestServer,
  roomId: RoomId,
  localpart: string,
  body: string,
): Promise<Appended> {
  return server.engine.send({
    roomId,
    sender: server.user(localpart),
    type: 'm.room.message',
    content: { msgtype: 'm.text', body },
  });
}

export function setState(
  server: TestServer,
  roomId: RoomId,
  localpart: string,
  type: string,
  content: JsonObject,
  stateKey = '',
): Promise<Appended> {
  const sender = server.user(localpart);
  return server.engine.send({ roomId, sender, type, stateKey, content });
}

/** What was said, in the order of the server's timeline. */
export async function bodies(server: TestServer, roomId: RoomId): Promise<readonly unknown[]> {
  const events = await server.views.timeline({ roomId, direction: 'forward', from: 0, limit: 500 });
  return events
    .filter(({ pdu }) => pdu.type === 'm.room.message')
    .map(({ pdu }) => member(pdu.content, 'body'));
}

/** The current state, as `type state_key → event id`. */
export async function stateOf(
  server: TestServer,
  roomId: RoomId,
): Promise<Readonly<Record<string, EventId>>> {
  const state = await (await server.views.currentState(roomId)).list();
  const entries = state.map(({ type, stateKey, eventId }) => [`${type} ${stateKey}`, eventId]);
  return Object.fromEntries(entries) as Readonly<Record<string, EventId>>;
}
