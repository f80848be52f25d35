import {
  authorisingUserOf,
  isUserId,
  parsePdu,
  readMembership,
  serverOf,
  signEvent,
} from '@hansa/protocol';
import type { JsonObject, Pdu, RoomVersionRules } from '@hansa/protocol';
import type { Readers } from '@hansa/storage';
import { badJson, forbidden, invalidParam, notFound, unreachable } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import type { SignatureChecker } from '../federation-port.ts';
import { append } from '../funnel/append.ts';
import { positionOrRefuse } from '../funnel/append-own.ts';
import { vetParsed } from '../funnel/vet.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { Lanes } from '../lane/lanes.ts';
import type { SendMembership } from '../room-engine.ts';
import { requireResident } from './require-server.ts';
import { findAuthoriser } from './restricted-joins.ts';

export interface ResidentPorts {
  readonly env: Environment;
  readonly lanes: Lanes;
  readonly signatures: SignatureChecker;
  readonly readers: Pick<Readers, 'rooms' | 'events' | 'states'>;
}

/**
 * Takes a membership event that a server sends for its own user, and sends it on to the others. It must be
 * acceptable as it is: what our rules refuse is refused, not stored.
 */
export async function acceptMembership(
  ports: ResidentPorts,
  request: SendMembership,
  membership: 'join' | 'leave' | 'knock',
): Promise<Vetted> {
  const { env, lanes } = ports;
  const rules = await rulesOf(ports, request);
  const sent = readMembershipEvent(request, request.event, rules, membership);
  await lanes.run(request.roomId, (draft) => requireResident(env, draft, request.origin));
  const signed = await withOurSignature(ports, sent);
  const event = await requireSignatures(ports, signed);
  await lanes.run(request.roomId, async (draft) => {
    await requireResident(env, draft, request.origin);
    const send = { exceptTo: request.origin };
    positionOrRefuse(await append(env, draft, event, { send, onlyIfAccepted: true }));
  });
  return event;
}

async function rulesOf(
  { readers }: ResidentPorts,
  { roomId }: SendMembership,
): Promise<RoomVersionRules> {
  const room = await readers.rooms.find(roomId);
  if (room?.residence !== 'joined') throw notFound('This server is not in the room.');
  return room.rules;
}

function readMembershipEvent(
  { origin, roomId, eventId }: SendMembership,
  json: JsonObject,
  rules: RoomVersionRules,
  membership: 'join' | 'leave' | 'knock',
): Pdu {
  const pdu = parsePdu(json, rules);
  if (!pdu.ok) throw badJson(`${pdu.reason} (${pdu.rule})`);
  const { type, sender, stateKey, content } = pdu.value;
  if (pdu.value.eventId !== eventId) throw invalidParam('The event has another id than the path.');
  if (pdu.value.roomId !== roomId) throw invalidParam('The event is of another room.');
  if (type !== 'm.room.member' || readMembership(content) !== membership) {
    throw invalidParam(`The event is not a ${membership}.`);
  }
  if (stateKey !== sender) throw invalidParam('The event is about somebody else than its sender.');
  if (serverOf(sender) !== origin) throw forbidden('The sender is not one of your server.');
  return pdu.value;
}

/** Where the join is by the power of a user of ours, and the user may come in, our signature says so. */
async function withOurSignature({ env, lanes }: ResidentPorts, pdu: Pdu): Promise<Pdu> {
  const named = authorisingUserOf(pdu, pdu.rules);
  if (typeof named !== 'string' || !isUserId(named) || serverOf(named) !== env.serverName) {
    return pdu;
  }
  await lanes.run(pdu.roomId, (draft) => findAuthoriser(draft, pdu.sender, env.serverName));
  const json = signEvent(pdu.json, pdu.rules, env.serverName, env.signingKey);
  const signed = parsePdu(json, pdu.rules);
  if (!signed.ok) throw badJson(`${signed.reason} (${signed.rule})`);
  return signed.value;
}

async function requireSignatures({ signatures }: ResidentPorts, pdu: Pdu): Promise<Vetted> {
  const vetting = await vetParsed(pdu, signatures);
  if (vetting.ok === true) return vetting.event;
  if (vetting.ok === 'unavailable') throw unreachable(`No keys to verify with: ${vetting.reason}`);
  throw forbidden(`${vetting.reason} (${vetting.rule})`);
}
