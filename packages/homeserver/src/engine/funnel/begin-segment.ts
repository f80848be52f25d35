import { readMembership, readRoomVersion, StateMap } from '@hansa/protocol';
import type { EventId, Pdu, RoomVersionRules } from '@hansa/protocol';
import { FLOOR } from '@hansa/storage';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { changesTo } from '../room/append-rows.ts';
import { knownState } from '../room/known-state.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Extremity } from '../room/room-head.ts';
import type { RowChange } from '../room/tip-differences.ts';
import { checkAuthChain, checkState } from './authorise.ts';
import { POSITIONS_OF_GAP } from './gap-positions.ts';
import { followMembers } from './membership-rows.ts';
import { placeAccepted } from './place-event.ts';
import { putOutliers } from './put-outliers.ts';
import type { Vetted } from './vetted.ts';

/** Memberships of a user since a leave that are gone back over. */
const MAX_MEMBERSHIPS = 1_000;

/** What a resident server answered to our join, as far as it passed checks 1 to 3. */
export interface JoinedRoom {
  readonly rules: RoomVersionRules;
  readonly join: Vetted;
  /** State before the join. */
  readonly state: ReadonlyMap<EventId, Vetted>;
  readonly authChain: ReadonlyMap<EventId, Vetted>;
}

/** Why an answer to a join is no room. */
export class UnfitRoomError extends Error {
  override readonly name = 'UnfitRoomError';
}

/**
 * Begins our stay in a room with a timeline of its own: the state before the join at its floor, the join the only
 * extremity. Nothing of an earlier stay has a part in it.
 */
export async function beginSegment(
  env: Environment,
  draft: RoomDraft,
  room: JoinedRoom,
): Promise<void> {
  if (draft.head === undefined) draft.beginRoom(room.rules);
  if (draft.rules.id !== room.rules.id) throw new UnfitRoomError('the room has another version');
  await putOutliers(env, draft, new Map([...room.authChain, ...room.state]));
  const state = await knownState(draft, room.state.keys());
  await requireCreate(draft, state);

  const floor = changesTo(new StateMap<EventId>(), state);
  const before = openFloor(draft, floor);
  await requireAllowed(draft, room.join, before);
  const isReturn = draft.getHead().current !== undefined;
  draft.setCurrent(before);
  draft.setExtremities(await unheardLeave(env, draft, state));
  const { roomId } = draft;
  const [parent, ...more] = room.join.prevEvents;
  draft.setFloor({
    depth: room.join.depth,
    // The state before an event with one parent is the state after that one.
    parent: more.length === 0 ? parent : undefined,
  });
  draft.write(({ rooms }) => rooms.deleteRemoteMembers(roomId));
  draft.setJoined(new Map());
  const begun = draft.takePosition(isReturn ? POSITIONS_OF_GAP : 0);
  draft.write(({ rooms }) => rooms.beginSegment(roomId, before.timeline, begun));
  await followMembers(env, draft, floor, begun);
  await placeAccepted(env, draft, room.join, {
    rule: undefined,
    before,
    depth: room.join.depth,
    claimed: false,
    followsGap: isReturn,
  });
  await draft.settle();
}

/**
 * The event by which we left, where the server that we come in through has not heard of it: nothing that it holds of
 * that user leads back to it. Then the room forks between that leave and our join, and our next event has to name both.
 * In all other cases nothing of an earlier stay goes on.
 */
async function unheardLeave(
  env: Environment,
  draft: RoomDraft,
  state: StateMap<EventId>,
): Promise<ReadonlyMap<EventId, Extremity>> {
  const none = new Map<EventId, Extremity>();
  const left = await draft.findLastLeave();
  const leave = left && (await draft.getEvent(left));
  if (leave?.after === undefined || leave.verdict !== 'accepted') return none;
  const { pdu, depth, after } = leave;
  // Resolution took that membership away: nobody has left.
  if (readMembership(pdu.content) === 'join') return none;
  if (await leadsBack(draft, state.get('m.room.member', pdu.stateKey ?? ''), pdu)) return none;
  return new Map([[pdu.eventId, { depth, after, server: env.serverName }]]);
}

/** Each membership event of a user names the one before it among its auth events. */
async function leadsBack(
  draft: RoomDraft,
  from: EventId | undefined,
  { eventId, stateKey }: Pdu,
): Promise<boolean> {
  let current = from;
  for (let step = 0; step < MAX_MEMBERSHIPS && current !== undefined; step += 1) {
    if (current === eventId) return true;
    const authEvents = (await draft.findEvent(current))?.pdu.authEvents ?? [];
    current = undefined;
    for (const authEvent of authEvents) {
      const pdu = (await draft.findEvent(authEvent))?.pdu;
      if (pdu?.type === 'm.room.member' && pdu.stateKey === stateKey) current = authEvent;
    }
  }
  return false;
}

async function requireCreate(draft: RoomDraft, state: StateMap<EventId>): Promise<void> {
  const eventId = state.get('m.room.create', '');
  if (eventId === undefined) throw new UnfitRoomError('the state has no valid create event');
  const { pdu } = await draft.getEvent(eventId);
  if (readRoomVersion(pdu.content) !== draft.rules.id) {
    throw new UnfitRoomError('the create event names another room version');
  }
}

async function requireAllowed(draft: RoomDraft, join: Vetted, before: StateRef): Promise<void> {
  const byAuthEvents = await checkAuthChain(draft, join);
  if (byAuthEvents.ok === 'missing') {
    throw new UnfitRoomError(`the auth events ${byAuthEvents.missing.join(', ')} were not given`);
  }
  if (!byAuthEvents.ok) throw new UnfitRoomError(byAuthEvents.reason);
  const byState = await checkState(draft, join, before);
  if (!byState.ok) throw new UnfitRoomError(byState.reason);
}

function openFloor(draft: RoomDraft, floor: readonly RowChange[]): StateRef {
  const root = draft.openTimeline(undefined, 0);
  const { roomId } = draft;
  for (const [n, { type, stateKey, to }] of floor.entries()) {
    const row = { at: FLOOR + n, type, stateKey, event: to, previous: undefined };
    draft.states.append(root.timeline, row);
    draft.write(({ states }) => states.appendRow({ ...row, roomId, timeline: root.timeline }));
  }
  return root;
}
