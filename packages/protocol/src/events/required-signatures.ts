import type { ServerName } from '../identifiers/brand.ts';
import { domainOfEventId } from '../identifiers/event-id.ts';
import { isUserId, serverOf } from '../identifiers/user-id.ts';
import { authorisingUserOf } from './authorising-user.ts';
import { readMembership } from './content/membership.ts';
import type { Pdu } from './pdu.ts';

/**
 * Servers of which each must have signed the event; the second of the checks on receipt. Policy servers are asked
 * apart. Sources: server-server API, "Validating hashes and signatures on received events"; rooms/v8.md, rule 4.2.
 */
export function requiredSignatures(pdu: Pdu): readonly ServerName[] {
  const servers = new Set<ServerName>();
  if (!isThirdPartyInvite(pdu)) servers.add(serverOf(pdu.sender));
  const namingServer = pdu.rules.eventIdDomainSigns ? domainOfEventId(pdu.eventId) : undefined;
  if (namingServer !== undefined) servers.add(namingServer);
  const authoriser = authorisingUserOf(pdu, pdu.rules);
  if (typeof authoriser === 'string' && isUserId(authoriser)) servers.add(serverOf(authoriser));
  return [...servers];
}

/** The invited side sends it in the name of the inviter, whose server cannot sign it. */
function isThirdPartyInvite({ type, content }: Pdu): boolean {
  return (
    type === 'm.room.member' &&
    readMembership(content) === 'invite' &&
    Object.hasOwn(content, 'third_party_invite')
  );
}
