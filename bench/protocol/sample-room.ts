import {
  type AuthEvent,
  buildEvent,
  canonicalJsonBytes,
  createSigningKey,
  type EventTemplate,
  getRoomVersion,
  hashAndSignEvent,
  isArray,
  isObject,
  type JsonObject,
  member,
  parseJson,
  parsePdu,
  parseVerifyKey,
  type Pdu,
  type RoomId,
  type RoomVersionRules,
  type SigningKey,
  type UserId,
  type VerifyKey,
} from '@hansa/protocol';

/** A room of version 12 on one server, with the last fifty events that it sends us. */
export interface SampleRoom {
  readonly rules: RoomVersionRules;
  readonly server: string;
  readonly signingKey: SigningKey;
  readonly verifyKey: VerifyKey;
  readonly create: AuthEvent;
  /** What all the fifty events name as their auth events. */
  readonly authEvents: readonly AuthEvent[];
  readonly messages: readonly Pdu[];
  /** The body of a `PUT /_matrix/federation/v1/send` with the messages. */
  readonly transaction: Uint8Array;
}

const SERVER = 'chat.sender.example';
const ALICE = `@alice.liddell:${SERVER}` as UserId;
const MESSAGES = 50;

/** Built anew, signatures and all, and the same each time. */
export function sampleRoom(): SampleRoom {
  const rules = getRoomVersion('12');
  const signingKey = createSigningKey('a_1', new Uint8Array(32).fill(7));
  const verifyKey = parseVerifyKey(signingKey.publicKey);
  if (!verifyKey.ok) throw new Error(verifyKey.reason);
  const chain = new Chain(rules, signingKey);
  const create = chain.add('m.room.create', { room_version: '12' }, '', []);
  const joined = { membership: 'join', displayname: 'Alice Liddell' };
  const member = chain.add('m.room.member', joined, ALICE, []);
  const levels = chain.add('m.room.power_levels', { users: {} }, '', [member]);
  const messages = Array.from({ length: MESSAGES }, (_, index) =>
    chain.add(...messageContent(index), undefined, [levels, member]),
  );
  const accepted = (event: Pdu): AuthEvent => ({ event, rejected: false });
  return {
    rules,
    server: SERVER,
    signingKey,
    verifyKey: verifyKey.value,
    create: accepted(create),
    authEvents: [accepted(levels), accepted(member)],
    messages,
    transaction: canonicalJsonBytes({
      origin: SERVER,
      origin_server_ts: 1_760_000_000_000,
      pdus: messages.map(({ json }) => json),
    }),
  };
}

/** The PDUs of a transaction, as they are read from its bytes. */
export function pdusOf(transaction: Uint8Array): readonly JsonObject[] {
  const body = parseJson(transaction);
  if (!body.ok) throw new Error(body.reason);
  const pdus = isObject(body.value) ? member(body.value, 'pdus') : undefined;
  return isArray(pdus) ? pdus.filter(isObject) : [];
}

/** Each event has the one before it as its parent. */
class Chain {
  readonly #rules: RoomVersionRules;
  readonly #key: SigningKey;
  #roomId: RoomId | undefined;
  #last: Pdu | undefined;

  constructor(rules: RoomVersionRules, key: SigningKey) {
    this.#rules = rules;
    this.#key = key;
  }

  add(
    type: string,
    content: JsonObject,
    stateKey: string | undefined,
    authEvents: readonly Pdu[],
  ): Pdu {
    const depth = (this.#last?.depth ?? 0) + 1;
    const template: EventTemplate = {
      type,
      content,
      stateKey,
      sender: ALICE,
      roomId: this.#roomId,
      prevEvents: this.#last === undefined ? [] : [this.#last.eventId],
      authEvents: authEvents.map(({ eventId }) => eventId),
      depth,
      originServerTs: 1_760_000_000_000 + depth * 1_000,
    };
    const json = hashAndSignEvent(
      buildEvent(template, this.#rules),
      this.#rules,
      SERVER,
      this.#key,
    );
    const pdu = parsePdu(json, this.#rules);
    if (!pdu.ok) throw new Error(pdu.reason);
    this.#last = pdu.value;
    this.#roomId ??= pdu.value.roomId;
    return pdu.value;
  }
}

/** What people send: mostly text, some of it formatted or not ASCII, now and then a reaction or something encrypted. */
function messageContent(index: number): [type: string, content: JsonObject] {
  const relatesTo = { rel_type: 'm.annotation', event_id: `$${'x'.repeat(43)}`, key: '👍️' };
  switch (index % 5) {
    case 0:
      return ['m.reaction', { 'm.relates_to': relatesTo }];
    case 1:
      return ['m.room.message', text(`Grüße aus Köln, Nachricht ${index}: alles läuft.`)];
    case 2:
      return [
        'm.room.message',
        {
          ...text(`Number ${index}: see "the plan",\nthen **decide**.`),
          format: 'org.matrix.custom.html',
          formatted_body: `Number ${index}: see &quot;the plan&quot;,<br>then <strong>decide</strong>.`,
        },
      ];
    case 3:
      return [
        'm.room.encrypted',
        {
          algorithm: 'm.megolm.v1.aes-sha2',
          ciphertext: 'AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg2yyOwAtHaZTwyNgE'.repeat(4),
          session_id: 'X3lUlvLELLYxeTx4yOVu6UDpasGEVO0Jbu+QFnm0cKQ',
        },
      ];
    default:
      return ['m.room.message', text(`Message number ${index}, as long as most of them are.`)];
  }
}

function text(body: string): JsonObject {
  return { msgtype: 'm.text', body, 'm.mentions': {} };
}
