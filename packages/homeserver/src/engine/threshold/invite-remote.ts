import { serverOf } from '@hansa/protocol';
import type { Pdu } from '@hansa/protocol';
import { findStateEvents } from '@hansa/storage';
import type { StateKey } from '@hansa/storage';
import { forbidden } from '../../matrix-error.ts';
import { appendSigned } from '../funnel/append-own.ts';
import { checkState } from '../funnel/authorise.ts';
import { signOwn, templateAtEnd } from '../funnel/own-event.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { withSignaturesOf } from '../funnel/with-signatures.ts';
import { vetParsed } from '../funnel/vet.ts';
import type { Appended, InviteIntent } from '../intents.ts';
import { notAllowed } from '../not-allowed.ts';
import { positionIn } from '../lane/lane.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { requireResidence } from '../actions/send.ts';
import { strippedJson } from './stripped-json.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';

/** State that tells the invited what they are invited to. Source: client-server API, "Stripped state". */
const SHOWN_TO_INVITED: readonly StateKey[] = [
  ['m.room.create', ''],
  ['m.room.name', ''],
  ['m.room.avatar', ''],
  ['m.room.topic', ''],
  ['m.room.join_rules', ''],
  ['m.room.canonical_alias', ''],
  ['m.room.encryption', ''],
];

interface Prepared {
  readonly invite: Vetted;
  readonly state: readonly Pdu[];
}

/**
 * Invites a user of another server: the event is prepared on the room's end, signed by that server, and appended as
 * the fork that it is by then, if the room still allows it. Source: server-server API, "Inviting to a room".
 */
export async function inviteRemote(ports: ThresholdPorts, intent: InviteIntent): Promise<Appended> {
  return ports.invites.run(intent.roomId, async () => {
    const { env, lanes } = ports;
    const { roomId, target } = intent;
    const { value } = await lanes.run(roomId, (draft) => prepare(ports, draft, intent));
    const server = serverOf(target);
    const shown = value.state.map((pdu) =>
      pdu.rules.strippedStateIsPdus ? pdu.json : strippedJson(pdu),
    );
    const copy = await tryServers([server], () =>
      ports.federation.invite(server, value.invite, shown),
    );
    const signed = withSignaturesOf(value.invite, server, copy);
    const vetting = signed.ok ? await vetParsed(signed.value, ports.signatures) : signed;
    if (vetting.ok !== true) throw forbidden(`${server} spoilt the invite: ${vetting.reason}`);
    const done = await lanes.run(roomId, (draft) => {
      requireResidence(draft);
      return appendSigned(env, draft, vetting.event);
    });
    const position = positionIn(done.committed, done.value.position);
    return { eventId: vetting.event.eventId, position };
  });
}

async function prepare(
  { env }: ThresholdPorts,
  draft: RoomDraft,
  { sender, target, content }: InviteIntent,
): Promise<Prepared> {
  requireResidence(draft);
  const template = await templateAtEnd(env, draft, {
    type: 'm.room.member',
    stateKey: target,
    sender,
    content: { ...content, membership: 'invite' },
  });
  const invite = signOwn(env, draft.rules, template);
  const { current } = draft.getHead();
  if (current === undefined) throw forbidden('You are not in this room.');
  const allowed = await checkState(draft, invite, current);
  if (!allowed.ok) throw notAllowed(allowed);
  const keys: readonly StateKey[] = [...SHOWN_TO_INVITED, ['m.room.member', sender]];
  const state: Pdu[] = [];
  for (const eventId of await findStateEvents(draft.states, current, keys)) {
    if (eventId !== undefined) state.push((await draft.getEvent(eventId)).pdu);
  }
  return { invite, state };
}
