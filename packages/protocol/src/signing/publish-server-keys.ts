import type { KeyId, ServerName } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { signJson } from './sign-json.ts';
import type { SigningKey } from './signing-key.ts';

/** A key that we signed with once and no longer do. */
export interface RetiredKey {
  readonly keyId: KeyId;
  /** Unpadded Base64. */
  readonly publicKey: string;
  /** Milliseconds since the epoch. */
  readonly expiredTs: number;
}

export interface PublishedKeys {
  readonly serverName: ServerName;
  /** All sign the document. */
  readonly keys: readonly SigningKey[];
  readonly retired: readonly RetiredKey[];
  /** Milliseconds since the epoch; at least an hour ahead, so that peers do not ask all the time. */
  readonly validUntilTs: number;
}

/** Our own key document. Source: server-server API, "Publishing Keys". */
export function publishServerKeys(published: PublishedKeys): JsonObject {
  const { serverName, keys, retired, validUntilTs } = published;
  const document: JsonObject = {
    server_name: serverName,
    verify_keys: Object.fromEntries(keys.map((key) => [key.keyId, { key: key.publicKey }])),
    old_verify_keys: Object.fromEntries(
      retired.map((key) => [key.keyId, { key: key.publicKey, expired_ts: key.expiredTs }]),
    ),
    valid_until_ts: validUntilTs,
  };
  return keys.reduce((signed, key) => signJson(signed, serverName, key), document);
}
