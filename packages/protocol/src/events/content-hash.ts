import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { ALLOWED, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import { decodeBase64 } from '../json/base64.ts';
import { canonicalJson } from '../json/canonical.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import { withoutSignatures } from '../json/without-signatures.ts';

/**
 * SHA-256 of the whole event but `unsigned`, `signatures` and `hashes`; the same in all room versions.
 * Source: server-server API, "Calculating the content hash for an event".
 */
export function contentHash(json: JsonObject): Uint8Array {
  const { hashes: _hashes, ...covered } = withoutSignatures(json);
  return hash('sha256', canonicalJson(covered), 'buffer');
}

/**
 * Whether `hashes.sha256` is the event's content hash (rule `SIG-9`). Where it is not, the event counts as redacted
 * on its way here: its redacted copy is to be used. Source: "Validating hashes and signatures on received events".
 */
export function checkContentHash(json: JsonObject): Decision {
  const hashes = member(json, 'hashes');
  const claimed = isObject(hashes) ? member(hashes, 'sha256') : undefined;
  const bytes = typeof claimed === 'string' ? decodeBase64(claimed) : undefined;
  if (bytes === undefined) return refused('SIG-9', 'hashes.sha256: not Base64');
  return Buffer.compare(bytes, contentHash(json)) === 0
    ? ALLOWED
    : refused('SIG-9', 'hashes.sha256: not the hash of this content');
}
