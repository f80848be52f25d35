import type { EventId, RoomId, UserId } from '../identifiers/brand.ts';
import { NumberLiteral } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/** An event of ours before it is hashed and signed. */
export interface EventTemplate {
  readonly type: string;
  /** Left out: a message event. */
  readonly stateKey?: string | undefined;
  readonly sender: UserId;
  /** Left out for the create event of a version 12 room, which makes the id. */
  readonly roomId?: RoomId | undefined;
  readonly content: JsonObject;
  readonly prevEvents: readonly EventId[];
  readonly authEvents: readonly EventId[];
  /** One more than the deepest parent; held at the limit of the room version. */
  readonly depth: number;
  readonly originServerTs: number;
  readonly redacts?: EventId | undefined;
  /** Versions 1 and 2 only: the id that we choose, `$` and something unique, `:` and our name. */
  readonly eventId?: EventId | undefined;
  /** Versions 1 and 2 only: reference hashes of the events named, in unpadded Base64. */
  readonly referenceHashes?: ReadonlyMap<EventId, string> | undefined;
}

/**
 * The event in the federation form of its room version, ready to be hashed and signed; `parsePdu` of the signed event
 * then is the check of what we built. Throws a `TypeError` when the template lacks what the version needs.
 * Source: the section "Event format" of each room version.
 */
export function buildEvent(template: EventTemplate, rules: RoomVersionRules): JsonObject {
  const refer = (ids: readonly EventId[]): JsonValue =>
    rules.eventFormat === 'id' ? ids : ids.map((id) => [id, { sha256: hashOf(id, template) }]);
  return {
    ...nameOf(template, rules),
    ...(template.stateKey === undefined ? {} : { state_key: template.stateKey }),
    ...(template.redacts === undefined || rules.redactsIn === 'content'
      ? {}
      : { redacts: template.redacts }),
    type: template.type,
    sender: template.sender,
    content: contentOf(template, rules),
    origin_server_ts: template.originServerTs,
    depth: depthOf(template, rules),
    prev_events: refer(template.prevEvents),
    auth_events: refer(template.authEvents),
  };
}

function nameOf({ eventId, roomId, type }: EventTemplate, rules: RoomVersionRules): JsonObject {
  if ((eventId !== undefined) !== (rules.eventIdFormat === 'given')) {
    throw new TypeError(`version ${rules.id}: an event id is given exactly in versions 1 and 2`);
  }
  const makesRoom = rules.roomIdFormat === 'create-event-hash' && type === 'm.room.create';
  if ((roomId !== undefined) === makesRoom) {
    throw new TypeError(
      `version ${rules.id}: ${type} with${roomId === undefined ? 'out' : ''} room id`,
    );
  }
  return {
    ...(eventId === undefined ? {} : { event_id: eventId }),
    ...(roomId === undefined ? {} : { room_id: roomId }),
  };
}

function contentOf({ content, redacts }: EventTemplate, rules: RoomVersionRules): JsonObject {
  return redacts === undefined || rules.redactsIn === 'event' ? content : { ...content, redacts };
}

/** Depths up to 2^63 − 1 are written exactly; what is known of them beyond 2^53 is rounded. */
function depthOf({ depth }: EventTemplate, rules: RoomVersionRules): JsonValue {
  if (Number.isSafeInteger(depth)) return depth;
  const asked = BigInt(depth);
  return literalOf(asked < rules.depthLimit ? asked : rules.depthLimit);
}

function literalOf(integer: bigint): JsonValue {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : new NumberLiteral(String(integer));
}

function hashOf(id: EventId, { referenceHashes }: EventTemplate): string {
  const hash = referenceHashes?.get(id);
  if (hash === undefined) throw new TypeError(`no reference hash of ${id}`);
  return hash;
}
