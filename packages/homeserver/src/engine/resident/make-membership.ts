import { buildEvent } from '@hansa/protocol';
import type { EventId, JsonObject, RoomEvent } from '@hansa/protocol';
import { incompatibleRoomVersion } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import { checkState } from '../funnel/authorise.ts';
import { templateAtEnd } from '../funnel/own-event.ts';
import type { MembershipTemplate } from '../intents.ts';
import type { Lanes } from '../lane/lanes.ts';
import { notAllowed } from '../not-allowed.ts';
import type { MakeMembership } from '../room-engine.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { requireResident, requireUserOf } from './require-server.ts';
import { findAuthoriser } from './restricted-joins.ts';

/** Stands for the id that the other server will choose, in versions where it does. */
const UNNAMED = '$unnamed' as EventId;

/** A membership event for a user of another server, on the current state, for that server to sign and send. */
export async function makeMembership(
  env: Environment,
  lanes: Lanes,
  request: MakeMembership,
): Promise<MembershipTemplate> {
  const { value } = await lanes.run(request.roomId, (draft) => makeOnEnd(env, draft, request));
  return value;
}

async function makeOnEnd(
  env: Environment,
  draft: RoomDraft,
  request: MakeMembership,
): Promise<MembershipTemplate> {
  const { origin, userId, membership } = request;
  await requireResident(env, draft, origin);
  requireUserOf(origin, userId);
  const { rules, roomId } = draft;
  if (membership !== 'leave' && !request.supportedVersions.includes(rules.id)) {
    throw incompatibleRoomVersion(rules.id);
  }
  const content = await contentOf(env, draft, request);
  const template = await templateAtEnd(env, draft, {
    type: 'm.room.member',
    stateKey: userId,
    sender: userId,
    content,
  });
  const subject: RoomEvent = {
    ...template,
    eventId: UNNAMED,
    roomId,
    stateKey: userId,
    redacts: undefined,
  };
  const { current } = draft.getHead();
  const allowed = current && (await checkState(draft, subject, current));
  if (allowed?.ok === false) throw notAllowed(allowed);
  return { rules, event: unnamed(template, rules) };
}

async function contentOf(
  { serverName }: Environment,
  draft: RoomDraft,
  { userId, membership }: MakeMembership,
): Promise<JsonObject> {
  const authoriser =
    membership === 'join' ? await findAuthoriser(draft, userId, serverName) : undefined;
  return authoriser === undefined
    ? { membership }
    : { membership, join_authorised_via_users_server: authoriser };
}

function unnamed(
  template: Awaited<ReturnType<typeof templateAtEnd>>,
  rules: MembershipTemplate['rules'],
): JsonObject {
  if (rules.eventIdFormat !== 'given') return buildEvent(template, rules);
  const { event_id: _unnamed, ...event } = buildEvent({ ...template, eventId: UNNAMED }, rules);
  return event;
}
