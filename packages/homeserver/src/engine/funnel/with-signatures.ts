import { isObject, member } from '@hansa/protocol';
import type { JsonObject, Pdu, ServerName } from '@hansa/protocol';

/** Keys that one server may sign an event with. */
const MAX_SIGNATURES = 16;

/**
 * An event of ours with the signatures that a server has added to its copy. Nothing else of that copy is looked
 * at, and whether they hold is for check 2 to say.
 */
export function withSignaturesOf(pdu: Pdu, server: ServerName, copy: JsonObject): Pdu {
  const added = signaturesOf(copy, server);
  const own = member(pdu.json, 'signatures');
  const signatures = Object.fromEntries([
    ...Object.entries(isObject(own) ? own : {}).filter(([name]) => name !== server),
    [server, Object.fromEntries(Object.entries(added).slice(0, MAX_SIGNATURES))],
  ]);
  return { ...pdu, json: { ...pdu.json, signatures } };
}

function signaturesOf(copy: JsonObject, server: ServerName): JsonObject {
  const all = member(copy, 'signatures');
  const ofServer = isObject(all) ? member(all, server) : undefined;
  return isObject(ofServer) ? ofServer : {};
}
