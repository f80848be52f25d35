import { isUserId, member, parsePdu, readMembership, serverOf } from '@hansa/protocol';
import type {
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
} from '@hansa/protocol';
import type { OutOfBandMembership } from '@hansa/storage';
import { NOT_IN_ROOM, stageEvent, type ReceiveAnswer } from '../funnel/stage-event.ts';
import { vetParsed } from '../funnel/vet.ts';
import { forgetInvite } from '../threshold/leave-remote.ts';
import type { ReceivedPdus } from '../room-engine.ts';
import type { InboundPorts } from './inbound-ports.ts';

export interface OutsideDelivery {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  /** Of a room that we were in. */
  readonly rules: RoomVersionRules | undefined;
}

/**
 * PDUs of a room that we are not in: staged while a join is under way, as its servers may be faster than the one
 * that we join through; and the end of an invite or a knock that we hold. Nothing else concerns us.
 */
export async function receiveOutside(
  ports: InboundPorts,
  delivery: OutsideDelivery,
  events: readonly JsonObject[],
): Promise<ReceivedPdus> {
  const received = new Map<EventId, ReceiveAnswer>();
  const { thresholds } = ports.readers;
  const { roomId, origin } = delivery;
  const joining = await thresholds.findJoin(roomId);
  const invites = await thresholds.listOutOfBandOf(roomId);
  for (const json of events) {
    // Whoever invites says of which version the room is: each invite ends by its own rules.
    const invite = invites.find(({ userId }) => userId === member(json, 'state_key'));
    const rules = joining?.rules ?? invite?.rules ?? delivery.rules;
    const parsed = rules && parsePdu(json, rules);
    if (parsed?.ok !== true) continue;
    const pdu = parsed.value;
    if (joining !== undefined) {
      const { value } = await ports.lanes.run(roomId, (draft) =>
        stageEvent(ports.env, draft, pdu, origin),
      );
      received.set(pdu.eventId, value);
    } else {
      const rescinded = invite !== undefined && (await rescind(ports, pdu, invite));
      received.set(pdu.eventId, rescinded ? undefined : NOT_IN_ROOM);
    }
  }
  if (joining !== undefined) ports.poke(roomId);
  return received;
}

/**
 * Whether the event takes back an invite that we hold, by its sender or somebody of the sender's server; or refuses a
 * knock, by somebody of a server that the knock went to. More cannot be told without the room.
 */
async function rescind(ports: InboundPorts, pdu: Pdu, held: OutOfBandMembership): Promise<boolean> {
  const { type, sender, content } = pdu;
  const membership = type === 'm.room.member' ? readMembership(content) : undefined;
  if (membership !== 'leave' && membership !== 'ban') return false;
  if (!isUserId(sender) || !mayEnd(held).includes(serverOf(sender))) return false;
  const vetting = await vetParsed(pdu, ports.signatures);
  if (vetting.ok !== true) return false;
  await forgetInvite(ports, held, vetting.event.json);
  return true;
}

function mayEnd({ membership, sender, via }: OutOfBandMembership): readonly ServerName[] {
  if (membership === 'invite') return [serverOf(sender)];
  return membership === 'knock' ? via : [];
}
