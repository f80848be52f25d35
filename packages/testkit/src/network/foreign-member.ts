import {
  authEventKeys,
  buildEvent,
  getRoomVersion,
  hashAndSignEvent,
  parsePdu,
  SUPPORTED_ROOM_VERSIONS,
  type EventId,
  type EventTemplate,
  type JsonObject,
  type JsonValue,
  type Pdu,
  type RoomId,
  type RoomVersionRules,
  type UserId,
} from '@hansa/protocol';
import type { FederationTarget, ForeignServer } from './foreign-server.ts';

/** What of an event a test chooses; the rest is as an honest server would have it. */
export type ForeignEvent = Partial<EventTemplate>;

/** A user of a foreign server who has joined a room, and speaks after their own last event. */
export class ForeignMember {
  readonly server: ForeignServer;
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly rules: RoomVersionRules;
  readonly #state: readonly Pdu[];
  #last: Pdu;

  private constructor(
    server: ForeignServer,
    joined: { readonly event: Pdu; readonly state: readonly Pdu[] },
  ) {
    this.server = server;
    this.roomId = joined.event.roomId;
    this.userId = joined.event.sender;
    this.rules = joined.event.rules;
    this.#state = joined.state;
    this.#last = joined.event;
  }

  /** Joins by `make_join` and `send_join` of a server that is in the room. */
  static async join(
    server: ForeignServer,
    target: FederationTarget,
    room: { readonly roomId: string; readonly localpart?: string },
  ): Promise<ForeignMember> {
    const { roomId, localpart = 'mallory' } = room;
    const userId = `@${localpart}:${server.serverName}` as UserId;
    const versions = SUPPORTED_ROOM_VERSIONS.map((version) => `ver=${version}`).join('&');
    const place = `${encodeURIComponent(roomId)}/${encodeURIComponent(userId)}?${versions}`;
    const made = await server.call(target, 'GET', `/_matrix/federation/v1/make_join/${place}`);
    if (made.status !== 200) throw new Error(`make_join: ${JSON.stringify(made.body)}`);
    const rules = getRoomVersion(made.body['room_version'] as RoomVersionRules['id']);
    const now = { ...(made.body['event'] as JsonObject), origin_server_ts: Date.now() };
    const json = hashAndSignEvent(now, rules, server.serverName, server.key);
    const event = readPdu(json, rules);
    const path = `/_matrix/federation/v2/send_join/${encodeURIComponent(roomId)}/${encodeURIComponent(event.eventId)}`;
    const sent = await server.call(target, 'PUT', path, json);
    if (sent.status !== 200) throw new Error(`send_join: ${JSON.stringify(sent.body)}`);
    const before = (sent.body['state'] as readonly JsonValue[]).map((each) => readPdu(each, rules));
    return new ForeignMember(server, { event, state: [...before, event] });
  }

  /** The event that its next one names as its parent. */
  get last(): Pdu {
    return this.#last;
  }

  /** What authorises an event of theirs, by the state when they joined; a message unless told. */
  authEvents(
    about: {
      readonly type?: string;
      readonly stateKey?: string | undefined;
      readonly sender?: UserId;
      readonly content?: JsonObject;
    } = {},
  ): readonly EventId[] {
    const { type = 'm.room.message', stateKey, sender = this.userId, content = {} } = about;
    const keys = authEventKeys({ type, stateKey, sender, content }, this.rules);
    return keys.flatMap(([wanted, key]) => this.#find(wanted, key));
  }

  /** A message unless told, signed. `change` is done to what was built, before it is hashed and signed. */
  write(fields: ForeignEvent = {}, change = (json: JsonObject): JsonObject => json): JsonObject {
    const { type = 'm.room.message', stateKey } = fields;
    const content = fields.content ?? { msgtype: 'm.text', body: 'from afar' };
    const about = { type, stateKey, sender: this.userId, content };
    const template: EventTemplate = {
      ...about,
      roomId: this.roomId,
      prevEvents: [this.#last.eventId],
      authEvents: this.authEvents(about),
      depth: this.#last.depth + 1,
      originServerTs: Date.now(),
      ...fields,
    };
    const { serverName, key } = this.server;
    return hashAndSignEvent(change(buildEvent(template, this.rules)), this.rules, serverName, key);
  }

  /** Sends a message that comes after the last one; answers what the target says of it. */
  async say(target: FederationTarget, body: string): Promise<EventId> {
    const json = this.write({ content: { msgtype: 'm.text', body } });
    const event = readPdu(json, this.rules);
    const answer = await this.server.send(target, [json]);
    const told = JSON.stringify(answer.body);
    if (told !== JSON.stringify({ pdus: { [event.eventId]: {} } })) throw new Error(told);
    this.#last = event;
    return event.eventId;
  }

  #find(type: string, stateKey: string): EventId[] {
    const found = this.#state.findLast((each) => each.type === type && each.stateKey === stateKey);
    return found === undefined ? [] : [found.eventId];
  }
}

function readPdu(json: JsonValue, rules: RoomVersionRules): Pdu {
  const pdu = parsePdu(json as JsonObject, rules);
  if (!pdu.ok) throw new Error(pdu.reason);
  return pdu.value;
}
