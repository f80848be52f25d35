import {
  checkContentHash,
  findRoomVersion,
  parsePdu,
  parseVerifyKey,
  redactPdu,
  requiredSignatures,
  verifyEventSignature,
} from '@hansa/protocol';
import type { Pdu, RoomVersionRules, ServerName } from '@hansa/protocol';
import { textOf } from '../world/disk.ts';
import { parseStored } from './stored-pdu.ts';
import type { Invariant, Simulated } from './simulated.ts';

/**
 * What is stored has the right format, the signatures that it needs and its content hash (or is pruned), names auth events
 * that are stored, none of which was rejected where it is accepted, and stands behind parents that are known or missing by
 * record. With a hostile server the same holds of every honest one.
 */
export const nothingWithoutTheFunnel: Invariant = (simulated) => {
  const checked = new Map<string, string | undefined>();
  return simulated.servers.flatMap((server) => {
    const rows = server.disk.all(
      `SELECT e.event_id, e.json, e.verdict, r.version FROM events e JOIN rooms r ON r.id = e.room
       WHERE e.verdict <> 'quarantined'`,
    );
    const verdicts = new Map(rows.map((row) => [row['event_id'], row['verdict']]));
    return rows.flatMap((row) => {
      const json = textOf(row, 'json');
      const rules = findRoomVersion(String(row['version']));
      if (rules === undefined) return [`${server.name} has a room of version ${row['version']}`];
      const pdu = parseStored(json, rules);
      if (pdu === undefined)
        return [`${server.name} has ${row['event_id']}, which cannot be parsed`];
      if (!checked.has(json)) checked.set(json, faultOf(pdu, rules, simulated));
      const faults = [checked.get(json), authFault(pdu, verdicts)].filter(
        (fault) => fault !== undefined,
      );
      return faults.map((fault) => `${server.name} has stored ${pdu.eventId}: ${fault}`);
    });
  });
};

function faultOf(pdu: Pdu, rules: RoomVersionRules, { keys }: Simulated): string | undefined {
  const again = parsePdu(pdu.json, rules);
  if (!again.ok) return again.reason;
  if (!checkContentHash(pdu.json).ok && redactPdu(pdu).eventId !== pdu.eventId)
    return 'its content hash is wrong';
  for (const name of requiredSignatures(pdu)) {
    const own = keys.get(name as ServerName);
    const key = own && parseVerifyKey(own.publicKey);
    if (own === undefined || key?.ok !== true) return `nobody knows the key of ${name}`;
    const signed = verifyEventSignature(pdu.json, rules, name, own.keyId, key.value);
    if (!signed.ok) return signed.reason;
  }
  return undefined;
}

function authFault(pdu: Pdu, verdicts: ReadonlyMap<unknown, unknown>): string | undefined {
  const verdict = verdicts.get(pdu.eventId);
  for (const authEvent of pdu.authEvents) {
    const held = verdicts.get(authEvent);
    if (held === undefined) return `its auth event ${authEvent} is not stored`;
    if (held === 'rejected' && verdict !== 'rejected')
      return `its auth event ${authEvent} was rejected`;
  }
  return undefined;
}
