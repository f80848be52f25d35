import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import { fitsBytes } from '../identifiers/byte-length.ts';
import { isUserId } from '../identifiers/user-id.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { Pdu } from './pdu.ts';
import { readInteger } from './read-integer.ts';
import { STATE_KEY_MAX_BYTES, TYPE_MAX_BYTES } from './size-limits.ts';

const INT64_LIMIT = 2n ** 63n - 1n;

export type PduBody = Pick<
  Pdu,
  'type' | 'stateKey' | 'sender' | 'content' | 'originServerTs' | 'depth'
>;

/** What the event says, by whom and when; the fields that all room versions write alike. */
export function readBody(json: JsonObject, rules: RoomVersionRules): Parsed<PduBody> {
  const type = member(json, 'type');
  if (typeof type !== 'string') return refused('EV-1.1', 'type is not a string');
  if (!fitsBytes(type, TYPE_MAX_BYTES)) {
    return refused('SIZE-2', `type is over ${TYPE_MAX_BYTES} bytes`);
  }
  const stateKey = member(json, 'state_key');
  if (stateKey !== undefined && typeof stateKey !== 'string') {
    return refused('EV-1.2', 'state_key is not a string');
  }
  if (stateKey !== undefined && !fitsBytes(stateKey, STATE_KEY_MAX_BYTES)) {
    return refused('SIZE-3', `state_key is over ${STATE_KEY_MAX_BYTES} bytes`);
  }
  const sender = member(json, 'sender');
  if (typeof sender !== 'string' || !isUserId(sender)) {
    return refused('EV-1.3', 'sender is not a user id');
  }
  const content = member(json, 'content');
  if (!isObject(content)) return refused('EV-1.4', 'content is not an object');
  const originServerTs = readInteger(member(json, 'origin_server_ts'), -INT64_LIMIT, INT64_LIMIT);
  if (originServerTs === undefined) {
    return refused('EV-1.5', 'origin_server_ts is not an integer of 64 bits');
  }
  const depth = readInteger(member(json, 'depth'), 0n, rules.depthLimit);
  if (depth === undefined) {
    return refused('EV-1.6', `depth is not an integer from 0 to ${rules.depthLimit}`);
  }
  return parsed({ type, stateKey, sender, content, originServerTs, depth });
}
