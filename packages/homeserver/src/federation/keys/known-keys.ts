import { KEY_TRUST_MS, parseVerifyKey } from '@hansa/protocol';
import type { KeyId, ServerKeys, ServerName, VerifyKey } from '@hansa/protocol';
import type { RemoteKey } from '@hansa/storage';

/** Of one server, from all its documents; an honest one never has so many. One document names 256 at most. */
const MAX_REMEMBERED = 512;

/** Keys of one server as they were last seen, each with the validity of the document that named it last. */
export interface KnownKeys {
  readonly server: ServerName;
  readonly keys: ReadonlyMap<KeyId, KnownKey>;
  /** Of the last document; `undefined` where there was none. */
  readonly fetchedAt: number | undefined;
}

export interface KnownKey {
  readonly row: RemoteKey;
  readonly verifyKey: VerifyKey;
}

export function knownKeysOf(server: ServerName, rows: readonly RemoteKey[]): KnownKeys {
  const keys = rows.flatMap((row) => {
    const verifyKey = parseVerifyKey(row.publicKey);
    return verifyKey.ok ? [[row.keyId, { row, verifyKey: verifyKey.value }] as const] : [];
  });
  const fetchedAt = rows.reduce<number | undefined>(
    (latest, row) => Math.max(latest ?? row.fetchedAt, row.fetchedAt),
    undefined,
  );
  return { server, keys: new Map(keys), fetchedAt };
}

/** A document that holds this one key, with the validity that it has, for the rules of the core to judge. */
export function documentOf({ server, keys }: KnownKeys, keyId: KeyId): ServerKeys {
  const known = keys.get(keyId);
  const { validUntilTs = 0, fetchedAt = 0, expiredTs } = known?.row ?? {};
  const current = known !== undefined && expiredTs === undefined ? known.verifyKey : undefined;
  const old = known !== undefined && expiredTs !== undefined ? known.verifyKey : undefined;
  return {
    serverName: server,
    verifyKeys: new Map(current === undefined ? [] : [[keyId, current]]),
    oldVerifyKeys: new Map(
      old === undefined || expiredTs === undefined ? [] : [[keyId, { key: old, expiredTs }]],
    ),
    validUntilTs,
    trustedUntilTs: Math.min(validUntilTs, fetchedAt + KEY_TRUST_MS),
  };
}

/**
 * Rows that a fresh document leaves behind. Once too many are remembered, a document adds no further key. A key that it
 * no longer names counts as retired when the document was fetched: it signs no further request, and no event after that.
 */
export function rowsAfter(
  known: KnownKeys,
  document: ServerKeys,
  fetchedAt: number,
): readonly RemoteKey[] {
  const { serverName: server, validUntilTs, verifyKeys, oldVerifyKeys } = document;
  const common = { server, validUntilTs, fetchedAt };
  const rows = new Map<KeyId, RemoteKey>();
  for (const [keyId, { row }] of known.keys) {
    rows.set(keyId, row.expiredTs === undefined ? { ...row, expiredTs: fetchedAt } : row);
  }
  const mayKeep = (keyId: KeyId) => rows.has(keyId) || rows.size < MAX_REMEMBERED;
  for (const [keyId, { key, expiredTs }] of oldVerifyKeys) {
    if (!mayKeep(keyId)) continue;
    rows.set(keyId, { ...common, keyId, publicKey: key.publicKey, expiredTs });
  }
  for (const [keyId, key] of verifyKeys) {
    if (!mayKeep(keyId)) continue;
    rows.set(keyId, { ...common, keyId, publicKey: key.publicKey, expiredTs: undefined });
  }
  return [...rows.values()];
}
