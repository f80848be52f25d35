import { parseJson, type JsonObject, type SigningKey } from '@hansa/protocol';

/** A key that tells what it signs: of an event what redaction leaves of it. */
export function notingKey(key: SigningKey, note: (signed: JsonObject) => void): SigningKey {
  return {
    keyId: key.keyId,
    publicKey: key.publicKey,
    sign(bytes) {
      const read = parseJson(bytes);
      if (!read.ok) throw new Error(`something was signed that is no JSON: ${read.reason}`);
      note(read.value as JsonObject);
      return key.sign(bytes);
    },
    exportSeed: () => key.exportSeed(),
  };
}
