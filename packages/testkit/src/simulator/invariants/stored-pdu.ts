import { isObject, parseJson, parsePdu } from '@hansa/protocol';
import type { Pdu, RoomVersionRules } from '@hansa/protocol';

/** An event as it stands in a database. */
export function parseStored(text: string, rules: RoomVersionRules): Pdu | undefined {
  const json = parseJson(Buffer.from(text));
  if (!json.ok || !isObject(json.value)) return undefined;
  const pdu = parsePdu(json.value, rules);
  return pdu.ok ? pdu.value : undefined;
}
