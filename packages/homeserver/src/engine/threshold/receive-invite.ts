import { isUserId, parsePdu, readMembership, serverOf, signEvent } from '@hansa/protocol';
import type { JsonObject, Pdu, RoomVersionRules, UserId } from '@hansa/protocol';
import { badJson, forbidden, invalidParam, unreachable } from '../../matrix-error.ts';
import { isOurs } from '../environment.ts';
import { vet, vetParsed } from '../funnel/vet.ts';
import { appendOrStage } from '../funnel/append-or-stage.ts';
import type { InboundInvite } from '../intents.ts';
import { readShownState, within } from './read-shown-state.ts';
import { strippedJson } from './stripped-json.ts';
import type { ThresholdPorts } from './threshold-ports.ts';

/**
 * Takes an invite for a user of ours and signs it; its state reaches clients in stripped form only. Nothing is
 * signed but a genuine invite. Source: server-server API, "Inviting to a room".
 */
export async function receiveInvite(
  ports: ThresholdPorts,
  received: InboundInvite,
): Promise<JsonObject> {
  const { env, lanes } = ports;
  const known = await ports.readers.rooms.find(received.roomId);
  const invite = asOfVersion1Or2(received, known?.rules);
  requireVersion(invite, known?.rules);
  const { pdu, userId } = readInvite(ports, invite);
  await requireFewInvites(ports, userId, pdu.sender);
  const vetting = await vetParsed(pdu, ports.signatures);
  if (vetting.ok === 'unavailable') throw unreachable(`No keys to verify with: ${vetting.reason}`);
  if (!vetting.ok) throw forbidden(`${vetting.reason} (${vetting.rule})`);
  const shown = within(env.limits.inviteStateBytes, [
    strippedJson(vetting.event),
    ...(await readShownState(ports.signatures, {
      ...invite,
      given: invite.inviteState,
      name: 'invite_room_state',
    })),
  ]);
  const event = signEvent(pdu.json, pdu.rules, env.serverName, env.signingKey);
  const signed = await vet(event, pdu.rules, ports.signatures);
  // With one more signature it may be larger than an event may be.
  if (signed.ok === false) throw forbidden(`${signed.reason} (${signed.rule})`);
  const { value: isResident } = await lanes.run(invite.roomId, async (draft) => {
    requireVersion(invite, draft.head?.rules);
    if (draft.head?.residence === 'joined') {
      // Not only when those in the room send it on: the invited may answer at once.
      if (signed.ok === true) await appendOrStage(env, draft, signed.event, invite.origin);
      return true;
    }
    draft.changedUsers.add(userId);
    const { roomId } = invite;
    const { eventId, sender, rules } = pdu;
    const position = draft.takePosition();
    const via = [...new Set([invite.origin, ...invite.via])].slice(0, env.limits.handshakeServers);
    draft.write(({ thresholds }) =>
      thresholds.putOutOfBand({
        userId,
        roomId,
        membership: 'invite',
        eventId,
        sender,
        rules,
        event,
        strippedState: shown,
        via,
        position,
      }),
    );
    return false;
  });
  if (isResident) ports.poke(invite.roomId);
  return event;
}

function readInvite(
  { env }: ThresholdPorts,
  { event, rules, eventId, roomId, origin }: InboundInvite,
): { readonly pdu: Pdu; readonly userId: UserId } {
  const parsed = parsePdu(event, rules);
  if (!parsed.ok) throw badJson(`${parsed.reason} (${parsed.rule})`);
  const { type, stateKey, sender, content } = parsed.value;
  if (parsed.value.eventId !== eventId) {
    throw invalidParam('The event has another id than the path.');
  }
  if (parsed.value.roomId !== roomId) throw invalidParam('The event is of another room.');
  if (type !== 'm.room.member' || readMembership(content) !== 'invite') {
    throw invalidParam('The event is not an invite.');
  }
  if (serverOf(sender) !== origin) throw forbidden('The sender is not one of your server.');
  if (stateKey === undefined || !isUserId(stateKey) || !isOurs(env, stateKey)) {
    throw invalidParam('The invited is not a user of this server.');
  }
  return { pdu: parsed.value, userId: stateKey };
}

/** The older route names no version: it is for rooms of 1 and 2, whose events look the same. */
function asOfVersion1Or2(
  invite: InboundInvite,
  ofRoom: RoomVersionRules | undefined,
): InboundInvite {
  const isOld = ofRoom?.eventIdFormat === 'given' && invite.rules.eventIdFormat === 'given';
  return isOld ? { ...invite, rules: ofRoom } : invite;
}

/**
 * The version is the other server's word. Signed by another one's rules, the event would be none of the room's, or
 * another one to its other servers.
 */
function requireVersion({ rules }: InboundInvite, ofRoom: RoomVersionRules | undefined): void {
  if (ofRoom === undefined || ofRoom.id === rules.id) return;
  throw invalidParam(`room_version: the room is of version ${ofRoom.id}.`);
}

/** Whoever invites without end makes a user's every first sync longer. */
async function requireFewInvites(
  { env, readers }: ThresholdPorts,
  userId: UserId,
  sender: UserId,
): Promise<void> {
  const { pendingInvites, pendingInvitesFromServer } = env.limits;
  const inviters = await readers.thresholds.listInviters(userId);
  const fromServer = inviters.filter((inviter) => serverOf(inviter) === serverOf(sender));
  if (inviters.length < pendingInvites && fromServer.length < pendingInvitesFromServer) return;
  throw forbidden('The user has more invites to answer than can be held.');
}
