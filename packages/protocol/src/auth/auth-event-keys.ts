import { authorisingUserOf } from '../events/authorising-user.ts';
import { readMembership } from '../events/content/membership.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { isObject, type JsonObject, member } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/** What the selection reads, so that an event can be asked for before it is built. */
export type AuthEventSubject = Pick<RoomEvent, 'type' | 'stateKey' | 'sender' | 'content'>;

export type StateKeyPair = readonly [type: string, stateKey: string];

/**
 * Keys of the state that gives an event's sender permission to send it: what its `auth_events` name, as far
 * as the room has such state, and all that they may name. No key comes twice.
 * Source: server-server API, "Auth events selection".
 */
export function authEventKeys(
  event: AuthEventSubject,
  rules: RoomVersionRules,
): readonly StateKeyPair[] {
  if (event.type === 'm.room.create') return [];
  const keys: StateKeyPair[] = [['m.room.power_levels', '']];
  if (rules.roomIdFormat !== 'create-event-hash') keys.push(['m.room.create', '']);
  keys.push(['m.room.member', event.sender]);
  if (event.type === 'm.room.member') addMemberKeys(keys, event, rules);
  return keys;
}

function addMemberKeys(
  keys: StateKeyPair[],
  event: AuthEventSubject,
  rules: RoomVersionRules,
): void {
  const { stateKey, sender, content } = event;
  if (stateKey !== undefined && stateKey !== sender) keys.push(['m.room.member', stateKey]);
  const membership = readMembership(content);
  if (membership === 'join' || membership === 'invite' || membership === 'knock') {
    keys.push(['m.room.join_rules', '']);
  }
  if (membership === 'invite') {
    const token = thirdPartyToken(content);
    if (token !== undefined) keys.push(['m.room.third_party_invite', token]);
  }
  if (membership === 'join') {
    const authoriser = authorisingUserOf(event, rules);
    if (typeof authoriser === 'string' && authoriser !== sender && authoriser !== stateKey) {
      keys.push(['m.room.member', authoriser]);
    }
  }
}

function thirdPartyToken(content: JsonObject): string | undefined {
  const invite = member(content, 'third_party_invite');
  const signed = isObject(invite) ? member(invite, 'signed') : undefined;
  const token = isObject(signed) ? member(signed, 'token') : undefined;
  return typeof token === 'string' ? token : undefined;
}
