import { serverOf } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
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
import { stateShownOutside } from '../resident/state-shown-outside.ts';
import type { ThresholdPorts } from './threshold-ports.ts';
import { tryServers } from './try-servers.ts';

interface Prepared {
  readonly invite: Vetted;
  readonly state: readonly JsonObject[];
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
    const copy = await tryServers([server], () =>
      ports.federation.invite(server, value.invite, value.state),
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
  return { invite, state: await stateShownOutside(draft, ['m.room.member', sender]) };
}
