import { decodeBase64, isKeyId, isObject, member, parsePdu } from '@hansa/protocol';
import type { JsonObject, JsonValue, Parsed, Pdu, ServerName } from '@hansa/protocol';

/** Keys that one server may sign an event with. */
const MAX_SIGNATURES = 16;

const SIGNATURE_BYTES = 64;

/**
 * An event of ours with the signatures that a server has added to its copy. Nothing else of that copy is looked
 * at, and whether they hold is for check 2 to say. Refused where they make an event of it that there cannot be.
 */
export function withSignaturesOf(pdu: Pdu, server: ServerName, copy: JsonObject): Parsed<Pdu> {
  const own = member(pdu.json, 'signatures');
  const signatures = Object.fromEntries([
    ...Object.entries(isObject(own) ? own : {}).filter(([name]) => name !== server),
    [server, Object.fromEntries(signaturesOf(copy, server))],
  ]);
  return parsePdu({ ...pdu.json, signatures }, pdu.rules);
}

function signaturesOf(copy: JsonObject, server: ServerName): readonly [string, JsonValue][] {
  const all = member(copy, 'signatures');
  const ofServer = isObject(all) ? member(all, server) : undefined;
  const given = isObject(ofServer) ? Object.entries(ofServer) : [];
  return given.filter(isSignature).slice(0, MAX_SIGNATURES);
}

/** By its form: a text as long as one likes is none. */
function isSignature([keyId, text]: readonly [string, JsonValue]): boolean {
  if (!isKeyId(keyId) || !keyId.startsWith('ed25519:') || typeof text !== 'string') return false;
  return decodeBase64(text)?.byteLength === SIGNATURE_BYTES;
}
