import {
  ALLOWED,
  listSigningKeyIds,
  requiredSignatures,
  verifyEventSignatures,
} from '@hansa/protocol';
import type { KeyId, Pdu, ServerName, VerifyKey } from '@hansa/protocol';
import type { SignatureChecker } from '../../engine/federation-port.ts';
import type { KeyRing } from './key-ring.ts';

type Outcome = Awaited<ReturnType<SignatureChecker['check']>>;

/** Check 2 of the funnel: every server that must have signed the event has. */
export function createSignatureChecker(keyRing: Pick<KeyRing, 'findEventKey'>): SignatureChecker {
  return {
    async check(pdu, notaries) {
      for (const server of requiredSignatures(pdu)) {
        const outcome = await checkServer(keyRing, pdu, server, notaries);
        if (outcome.ok !== true) return outcome;
      }
      return ALLOWED;
    },
  };
}

async function checkServer(
  keyRing: Pick<KeyRing, 'findEventKey'>,
  pdu: Pdu,
  server: ServerName,
  notaries: readonly ServerName[] | undefined,
): Promise<Outcome> {
  const keyIds = listSigningKeyIds(pdu.json, server);
  if (!keyIds.ok) return keyIds;
  const keys = new Map<KeyId, VerifyKey>();
  let unavailable: Outcome | undefined;
  for (const keyId of keyIds.value) {
    const answer = await keyRing.findEventKey(server, keyId, pdu, notaries);
    if (answer.ok === true) keys.set(keyId, answer.value);
    else if (answer.ok === 'unavailable') unavailable = answer;
  }
  // With no key to go by, and one that may exist, nothing is known of the event.
  if (keys.size === 0 && unavailable !== undefined) return unavailable;
  return verifyEventSignatures(pdu.json, pdu.rules, server, (keyId) => keys.get(keyId));
}
