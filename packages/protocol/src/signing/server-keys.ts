import { ALLOWED, parsed, refused } from '../decision.ts';
import type { Decision, Parsed } from '../decision.ts';
import type { KeyId, ServerName } from '../identifiers/brand.ts';
import { isKeyId } from '../identifiers/key-id.ts';
import { canonicalJsonBytes } from '../json/canonical.ts';
import { formatPath } from '../json/path.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { withoutSignatures } from '../json/without-signatures.ts';
import { findSignature } from './signatures.ts';
import { parseVerifyKey } from './verify-key.ts';
import type { VerifyKey } from './verify-key.ts';
import { isUnderstood, verifySignature } from './verify-signature.ts';

/** A server's keys as its key document publishes them, checked. */
export interface ServerKeys {
  readonly serverName: ServerName;
  readonly verifyKeys: ReadonlyMap<KeyId, VerifyKey>;
  readonly oldVerifyKeys: ReadonlyMap<KeyId, OldVerifyKey>;
  /** Milliseconds since the epoch, as published. */
  readonly validUntilTs: number;
  /** `validUntilTs`, but at most seven days after the document was fetched: what validity is judged by. */
  readonly trustedUntilTs: number;
}

export interface OldVerifyKey {
  readonly key: VerifyKey;
  /** Milliseconds since the epoch: the last moment that it may have signed an event at. */
  readonly expiredTs: number;
}

/** Longest time that a key document is believed without asking again. Source: room version 5, "Signing key validity period". */
export const KEY_TRUST_MS = 7 * 24 * 60 * 60 * 1_000;

const MAX_KEYS = 128;

/**
 * Reads and checks a key document (`/_matrix/key/v2/server`, or one of a notary's): that it is of this server and signed by at
 * least one of the keys that it lists, with no wrong signature of any of them (rules `KEY-4` to `KEY-7`). `fetchedAt` is in
 * milliseconds since the epoch. Keys of unknown algorithms are passed over.
 */
export function parseServerKeys(
  document: JsonValue,
  serverName: ServerName,
  fetchedAt: number,
): Parsed<ServerKeys> {
  if (!isObject(document)) return refused('KEY-4', 'key document: not an object');
  if (member(document, 'server_name') !== serverName) {
    return refused('KEY-5', 'server_name: not the server that was asked for');
  }
  const validUntilTs = member(document, 'valid_until_ts');
  if (typeof validUntilTs !== 'number') {
    return refused('KEY-4', 'valid_until_ts: not a time in milliseconds');
  }
  const verifyKeys = readKeys(member(document, 'verify_keys'), 'verify_keys', readVerifyKey);
  if (!verifyKeys.ok) return verifyKeys;
  const old = member(document, 'old_verify_keys') ?? {};
  const oldVerifyKeys = readKeys(old, 'old_verify_keys', readOldVerifyKey);
  if (!oldVerifyKeys.ok) return oldVerifyKeys;
  const signed = checkSelfSigned(document, serverName, verifyKeys.value);
  if (!signed.ok) return signed;
  return parsed({
    serverName,
    verifyKeys: verifyKeys.value,
    oldVerifyKeys: oldVerifyKeys.value,
    validUntilTs,
    trustedUntilTs: Math.min(validUntilTs, fetchedAt + KEY_TRUST_MS),
  });
}

type ReadKey<T> = (entry: JsonObject, where: string) => Parsed<T>;

function readKeys<T>(
  value: JsonValue | undefined,
  field: string,
  read: ReadKey<T>,
): Parsed<ReadonlyMap<KeyId, T>> {
  if (!isObject(value)) return refused('KEY-4', `${field}: not an object`);
  const entries = Object.entries(value);
  if (entries.length > MAX_KEYS) return refused('KEY-4', `${field}: more than ${MAX_KEYS} keys`);
  const keys = new Map<KeyId, T>();
  for (const [keyId, entry] of entries) {
    if (!isUnderstood(keyId) || !isKeyId(keyId)) continue;
    const where = formatPath([field, keyId]);
    if (!isObject(entry)) return refused('KEY-4', `${where}: not an object`);
    const key = read(entry, where);
    if (!key.ok) return key;
    keys.set(keyId, key.value);
  }
  return parsed(keys);
}

function readVerifyKey(entry: JsonObject, where: string): Parsed<VerifyKey> {
  const text = member(entry, 'key');
  if (typeof text !== 'string') return refused('KEY-4', `${where}.key: not a string`);
  const key = parseVerifyKey(text);
  return key.ok ? key : refused(key.rule, `${where}.key: ${key.reason}`);
}

function readOldVerifyKey(entry: JsonObject, where: string): Parsed<OldVerifyKey> {
  const expiredTs = member(entry, 'expired_ts');
  if (typeof expiredTs !== 'number') {
    return refused('KEY-4', `${where}.expired_ts: not a time in milliseconds`);
  }
  const key = readVerifyKey(entry, where);
  return key.ok ? parsed({ key: key.value, expiredTs }) : key;
}

function checkSelfSigned(
  document: JsonObject,
  serverName: ServerName,
  keys: ReadonlyMap<KeyId, VerifyKey>,
): Decision {
  const signing = [...keys].filter(
    ([keyId]) => findSignature(document, serverName, keyId) !== undefined,
  );
  if (signing.length === 0) {
    return refused('KEY-6', `${formatPath(['signatures', serverName])}: none by a key of its own`);
  }
  const bytes = canonicalJsonBytes(withoutSignatures(document));
  for (const [keyId, key] of signing) {
    const decision = verifySignature(document, serverName, keyId, key, bytes);
    if (!decision.ok) return refused('KEY-7', decision.reason);
  }
  return ALLOWED;
}
