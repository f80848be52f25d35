import { parsed, refused } from '../decision.ts';
import type { Parsed, Refused } from '../decision.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { isCompromised } from './compromised-keys.ts';
import type { OldVerifyKey, ServerKeys } from './server-keys.ts';
import type { VerifyKey } from './verify-key.ts';

/**
 * The key of a server for a request that arrives at `now` (milliseconds since the epoch): one that the server lists as current,
 * and that is trusted still (rules `KEY-8` to `KEY-10`, `KEY-15`). Source: server-server API, "Publishing Keys".
 */
export function keyForRequest(keys: ServerKeys, keyId: string, now: number): Parsed<VerifyKey> {
  const current = find(keys.verifyKeys, keyId);
  if (current === undefined) {
    return find(keys.oldVerifyKeys, keyId) === undefined
      ? unknown(keys, keyId)
      : refused('KEY-10', `${keyId}: an old key of ${keys.serverName} signs no requests`);
  }
  return keys.trustedUntilTs >= now
    ? unlessCompromised(keys, keyId, current)
    : refused(
        'KEY-9',
        `${keyId}: this key of ${keys.serverName} was valid until ${keys.trustedUntilTs}`,
      );
}

/**
 * The key of a server for an event of `originServerTs` (rules `KEY-8`, `KEY-11`, `KEY-12`, `KEY-15`): a current one, in room versions
 * from 5 on only if it is trusted until that moment; or an old one that had not expired then.
 * Source: room version 5, "Signing key validity period"; server-server API, "Publishing Keys".
 */
export function keyForEvent(
  keys: ServerKeys,
  keyId: string,
  originServerTs: number,
  rules: RoomVersionRules,
): Parsed<VerifyKey> {
  const current = find(keys.verifyKeys, keyId);
  if (current !== undefined) {
    return !rules.enforceKeyValidity || keys.trustedUntilTs >= originServerTs
      ? unlessCompromised(keys, keyId, current)
      : tooLate('KEY-11', keys, keyId, keys.trustedUntilTs);
  }
  const old = find<OldVerifyKey>(keys.oldVerifyKeys, keyId);
  if (old === undefined) return unknown(keys, keyId);
  return old.expiredTs >= originServerTs
    ? unlessCompromised(keys, keyId, old.key)
    : tooLate('KEY-12', keys, keyId, old.expiredTs);
}

/** A peer's text is looked up as it is: what is no key id is not in the map. */
function find<T>(keys: ReadonlyMap<string, T>, keyId: string): T | undefined {
  return keys.get(keyId);
}

function unknown(keys: ServerKeys, keyId: string): Refused {
  return refused('KEY-8', `${keyId}: not a key of ${keys.serverName}`);
}

function unlessCompromised(keys: ServerKeys, keyId: string, key: VerifyKey): Parsed<VerifyKey> {
  if (!isCompromised(key.publicKey)) return parsed(key);
  return refused('KEY-15', `${keyId}: everybody has the secret of this key of ${keys.serverName}`);
}

function tooLate(rule: string, keys: ServerKeys, keyId: string, lastTs: number): Refused {
  return refused(rule, `${keyId}: this key of ${keys.serverName} was valid until ${lastTs}`);
}
