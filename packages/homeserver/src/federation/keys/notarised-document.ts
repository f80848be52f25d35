import type { KeyId, ServerKeys } from '@hansa/protocol';
import type { NotarisedKeys } from '@hansa/storage';

/** What a notary has told of a server, checked. */
export interface NotarisedDocument extends NotarisedKeys {
  readonly keys: ServerKeys;
}

/** Why not all of these can be true, in words: two name different keys by the same id. */
export function findDisagreement(all: readonly NotarisedDocument[]): string | undefined {
  const seen = new Map<KeyId, { readonly publicKey: string; readonly notary: string }>();
  for (const { server, notary, keys } of all) {
    for (const [keyId, publicKey] of publicKeysOf(keys)) {
      const other = seen.get(keyId);
      if (other !== undefined && other.publicKey !== publicKey) {
        return `${other.notary} and ${notary} tell different keys of ${server} by the id ${keyId}: neither is believed`;
      }
      seen.set(keyId, { publicKey, notary });
    }
  }
  return undefined;
}

/** An older document may be one that is played back. */
export function newestOf(all: readonly NotarisedDocument[]): NotarisedDocument | undefined {
  let newest: NotarisedDocument | undefined;
  for (const document of all) {
    if (newest === undefined || document.keys.validUntilTs > newest.keys.validUntilTs) {
      newest = document;
    }
  }
  return newest;
}

function* publicKeysOf({ verifyKeys, oldVerifyKeys }: ServerKeys): Generator<[KeyId, string]> {
  for (const [keyId, { publicKey }] of verifyKeys) yield [keyId, publicKey];
  for (const [keyId, { key }] of oldVerifyKeys) yield [keyId, key.publicKey];
}
