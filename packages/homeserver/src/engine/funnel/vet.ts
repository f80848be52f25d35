import { checkContentHash, parsePdu, redactPdu } from '@hansa/protocol';
import type {
  JsonObject,
  Pdu,
  ReferenceOptions,
  Refused,
  RoomVersionRules,
  ServerName,
} from '@hansa/protocol';
import type { SignatureChecker } from '../federation-port.ts';
import { asVetted, type Vetted } from './vetted.ts';

/** `unavailable`: a signature could not be checked now, which says nothing about the event. */
export type Vetting =
  | { readonly ok: true; readonly event: Vetted }
  | { readonly ok: 'unavailable'; readonly reason: string }
  | Refused;

/** Checks 1 to 3 on an event from another server. Source: server-server API, "Checks performed on receipt of a PDU". */
export async function vet(
  json: JsonObject,
  rules: RoomVersionRules,
  signatures: SignatureChecker,
  options: ReferenceOptions & { readonly notaries?: readonly ServerName[] } = {},
): Promise<Vetting> {
  const pdu = parsePdu(json, rules, options);
  return pdu.ok ? vetParsed(pdu.value, signatures, options.notaries) : pdu;
}

/** Checks 2 and 3, on an event that has the right format. */
export async function vetParsed(
  pdu: Pdu,
  signatures: SignatureChecker,
  notaries: readonly ServerName[] = [],
): Promise<Vetting> {
  const signed = await signatures.check(pdu, notaries);
  if (signed.ok !== true) return signed;
  // What was changed on its way is no reason to lose the event: the part that is signed goes on.
  const intact = checkContentHash(pdu.json).ok;
  return { ok: true, event: asVetted(intact ? pdu : redactPdu(pdu)) };
}
