import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import type { UserId } from '../../identifiers/brand.ts';
import { isObject, member } from '../../json/value.ts';
import type { JsonObject } from '../../json/value.ts';
import { isEduUser } from './edu-user.ts';

/** `m.signing_key_update`: new cross-signing keys of a user. The caller checks the keys, and that the user is the origin's. */
export interface SigningKeyUpdate {
  readonly userId: UserId;
  readonly masterKey: JsonObject | undefined;
  readonly selfSigningKey: JsonObject | undefined;
}

/** Source: server-server API, "End-to-End Encryption". */
export function parseSigningKeyUpdate(content: JsonObject): Parsed<SigningKeyUpdate> {
  const userId = member(content, 'user_id');
  if (!isEduUser(userId)) return refused('EDU-6', 'm.signing_key_update: user_id is not a user id');
  const masterKey = member(content, 'master_key');
  const selfSigningKey = member(content, 'self_signing_key');
  if (masterKey !== undefined && !isObject(masterKey)) {
    return refused('EDU-6', 'm.signing_key_update: master_key is not an object');
  }
  if (selfSigningKey !== undefined && !isObject(selfSigningKey)) {
    return refused('EDU-6', 'm.signing_key_update: self_signing_key is not an object');
  }
  return parsed({ userId, masterKey, selfSigningKey });
}
