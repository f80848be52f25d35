import { refused } from '@hansa/protocol';
import type { Decision, EventId, Refused, ServerName } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { isSameRef } from '../room/state-ref.ts';
import type { Outcome } from './outcome.ts';
import { checkAuthChain, checkState } from './authorise.ts';
import { isRelied } from '../room/known-event.ts';
import { fullerCopy } from './fuller-copy.ts';
import { isForkTooMany } from './fork-bound.ts';
import { placeAccepted, placeHidden } from './place-event.ts';
import { stateBefore } from './state-before.ts';
import { stateForSoftFailure } from './soft-failure.ts';
import type { Vetted } from './vetted.ts';

export interface AppendOptions {
  /** Ours, or a membership that we accept for another server: to be sent to the servers in the room. */
  readonly send?: { readonly exceptTo?: ServerName };
  /** Refuse the event instead of storing it, when it is not accepted. */
  readonly onlyIfAccepted?: boolean;
  /** States after parents that nobody could give us. */
  readonly claimed?: ReadonlyMap<EventId, StateRef>;
  /** It may be one more fork than the room takes: the same commit merges it. */
  readonly isMerged?: boolean;
}

/**
 * The end of the funnel, for every event from every path: checks 4 to 6, and its place in the room's timeline.
 * What is missing is named, and rejects nothing.
 */
export async function append(
  env: Environment,
  draft: RoomDraft,
  arrived: Vetted,
  options: AppendOptions = {},
): Promise<Outcome> {
  const known = await draft.findEvent(arrived.eventId);
  if (known?.place === 'timeline') return { kind: 'known', event: known };
  const event = fullerCopy(known, arrived);

  const byAuthEvents = await checkAuthChain(draft, event);
  const auth = byAuthEvents.ok === 'missing' ? byAuthEvents.missing : [];
  const parents = await findParents(draft, event, options.claimed);
  if (byAuthEvents.ok === 'missing' || parents.missing.length > 0) {
    return { kind: 'missing', auth, parents: parents.missing };
  }

  if (options.isMerged !== true && (await isForkTooMany(env, draft, event))) {
    return { kind: 'waits' };
  }

  const { residence } = draft.getHead();
  const before = await stateBefore(env, draft, event.prevEvents, parents.after);
  const depth = Math.min(event.depth, parents.depth + 1);
  const { verdict, refusal } = await judge(env, draft, event, {
    byAuthEvents,
    before,
    claimed: parents.claimed,
  });
  // The state that it was held against was not known until now. A room that we are out of has no ends, and is entered by a join.
  if (residence === 'joined' && draft.getHead().residence === 'left') return { kind: 'left' };
  if (refusal !== undefined && options.onlyIfAccepted === true) {
    return { kind: 'refused', refusal };
  }
  const { send } = options;
  const claimed = parents.claimed.length > 0;
  // A state that others claim undoes nothing that we go by.
  if (claimed && byAuthEvents.ok && verdict === 'rejected' && isRelied(known)) {
    return { kind: 'known', event: known };
  }
  const placement = { rule: refusal?.rule, before, depth, claimed, send };
  return verdict === 'accepted'
    ? placeAccepted(env, draft, event, placement)
    : placeHidden(env, draft, event, verdict, placement);
}

interface Judgement {
  readonly verdict: 'accepted' | 'soft-failed' | 'rejected';
  readonly refusal?: Refused;
}

async function judge(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  known: {
    readonly byAuthEvents: Decision;
    readonly before: StateRef;
    readonly claimed: readonly StateRef[];
  },
): Promise<Judgement> {
  if (!known.byAuthEvents.ok) return { verdict: 'rejected', refusal: known.byAuthEvents };
  if (event.type === 'm.room.create' && !(await isCreateOf(draft, event))) {
    return { verdict: 'rejected', refusal: refused('AUTH-1', 'the room has a create event') };
  }
  const byStateBefore = await checkState(draft, event, known.before);
  if (!byStateBefore.ok) return { verdict: 'rejected', refusal: byStateBefore };
  const current = await stateForSoftFailure(env, draft, event, known.claimed);
  if (isSameRef(current, known.before)) return { verdict: 'accepted' };
  const byCurrentState = await checkState(draft, event, current);
  if (!byCurrentState.ok) return { verdict: 'soft-failed', refusal: byCurrentState };
  return { verdict: 'accepted' };
}

async function isCreateOf(draft: RoomDraft, { eventId }: Vetted): Promise<boolean> {
  const { current } = draft.getHead();
  if (current === undefined) return true;
  const [held] = await draft.states.findEvents(current, [['m.room.create', '']]);
  return held === undefined || held === eventId;
}

interface Parents {
  readonly missing: readonly EventId[];
  readonly after: readonly StateRef[];
  /** Those of `after` that we have on another server's word. */
  readonly claimed: readonly StateRef[];
  readonly depth: number;
}

/**
 * Known is what has its place in the timeline, and its state; an outlier is not known. Events of an earlier stay are:
 * our own ends of that stay are forgotten, but where the room itself joins them with the present, we follow.
 */
async function findParents(
  draft: RoomDraft,
  { prevEvents, depth }: Vetted,
  claims: AppendOptions['claimed'],
): Promise<Parents> {
  const missing: EventId[] = [];
  const after: StateRef[] = [];
  const claimed: StateRef[] = [];
  let deepest = 0;
  for (const eventId of prevEvents) {
    const parent = await draft.findEvent(eventId);
    const claim = claims?.get(eventId);
    const known = parent?.after ?? floorAfter(draft, eventId);
    if (known !== undefined) {
      after.push(known);
      deepest = Math.max(deepest, parent?.depth ?? depth - 1);
    } else if (claim !== undefined) {
      after.push(claim);
      claimed.push(claim);
      // Nothing is known of its depth but what its child says.
      deepest = Math.max(deepest, depth - 1);
    } else {
      missing.push(eventId);
    }
  }
  return { missing, after, claimed, depth: deepest };
}

/** The state that our stay began with is that after the join's parent, though that event is not here. */
function floorAfter(draft: RoomDraft, eventId: EventId): StateRef | undefined {
  const { floor, current } = draft.getHead();
  if (floor.parent !== eventId || current === undefined) return undefined;
  return { timeline: current.timeline, at: 0 };
}
