import { RemoteServerError } from '@hansa/net';
import { hashAndSignEvent, isObject, isUserId, member, parsePdu, serverOf } from '@hansa/protocol';
import type { JsonObject, Pdu, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { RemoteTemplate } from '../federation-port.ts';
import { newEventId } from './new-event-id.ts';

export interface OwnMembership {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly membership: 'join' | 'leave' | 'knock';
  /** What the event carries besides `membership`. */
  readonly content: JsonObject;
}

/**
 * A membership event of ours in a room that only another server knows. Its template is not signed: of it we
 * take the place in the graph and, for a join, who lets us in; everything else we say ourselves.
 */
export function signFromTemplate(
  env: Environment,
  resident: ServerName,
  { rules, event }: RemoteTemplate,
  own: OwnMembership,
): Pdu {
  requireTemplate(resident, event, own);
  const json: JsonObject = {
    ...(rules.eventIdFormat === 'given' ? { event_id: newEventId(env) } : {}),
    type: 'm.room.member',
    room_id: own.roomId,
    sender: own.userId,
    state_key: own.userId,
    content: { ...own.content, ...authoriserIn(resident, event, own), membership: own.membership },
    origin_server_ts: env.clock.now(),
    depth: member(event, 'depth') ?? null,
    prev_events: member(event, 'prev_events') ?? null,
    auth_events: member(event, 'auth_events') ?? null,
  };
  // What is no event is not signed, either.
  const unsigned = parsePdu({ ...json, hashes: { sha256: '' }, signatures: {} }, rules);
  if (!unsigned.ok) throw badTemplate(resident, unsigned.reason);
  const signed = hashAndSignEvent(json, rules, env.serverName, env.signingKey);
  const pdu = parsePdu(signed, rules);
  if (!pdu.ok) throw badTemplate(resident, pdu.reason);
  return pdu.value;
}

function requireTemplate(
  resident: ServerName,
  event: JsonObject,
  { roomId, userId, membership }: OwnMembership,
): void {
  const expected: readonly (readonly [string, string])[] = [
    ['type', 'm.room.member'],
    ['room_id', roomId],
    ['sender', userId],
    ['state_key', userId],
  ];
  for (const [key, value] of expected) {
    if (member(event, key) !== value) throw badTemplate(resident, `${key} is not ${value}`);
  }
  const content = member(event, 'content');
  if (!isObject(content) || member(content, 'membership') !== membership) {
    throw badTemplate(resident, `membership is not ${membership}`);
  }
}

/**
 * The resident answers for users of its own alone. Were it one of ours, our signature, which is on the join anyway, would say
 * that they let somebody in. Source: server-server API, "make_join", `join_authorised_via_users_server`.
 */
function authoriserIn(
  resident: ServerName,
  event: JsonObject,
  { membership }: OwnMembership,
): JsonObject {
  const content = member(event, 'content');
  const authoriser = isObject(content)
    ? member(content, 'join_authorised_via_users_server')
    : undefined;
  if (membership !== 'join' || authoriser === undefined) return {};
  if (
    typeof authoriser !== 'string' ||
    !isUserId(authoriser) ||
    serverOf(authoriser) !== resident
  ) {
    throw badTemplate(resident, 'join_authorised_via_users_server is not a user of that server');
  }
  return { join_authorised_via_users_server: authoriser };
}

function badTemplate(server: ServerName, reason: string): RemoteServerError {
  const details = { server, reachable: true, transient: false };
  return new RemoteServerError(`${server} gave an unfit template: ${reason}`, details);
}
