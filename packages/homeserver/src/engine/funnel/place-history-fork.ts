import type { EventId, StateMap } from '@hansa/protocol';
import { listState } from '@hansa/storage';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendBeside, changesTo, rowOf } from '../room/append-rows.ts';
import { isRelied } from '../room/known-event.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { checkAuthChain, checkState } from './authorise.ts';
import { mergedState } from './merged-state.ts';
import { putHistoric } from './put-historic.ts';
import type { Vetted } from './vetted.ts';

interface Fork {
  readonly floor: StateRef;
  /** Of the oldest event. */
  readonly position: number;
  readonly stateBefore: (event: Vetted) => Promise<StateMap<EventId> | undefined>;
}

/**
 * Puts a page beside the main timeline, the oldest event first: the states of its oldest events hang below the
 * floor as forks of it, and those of the others follow from them. An event whose state nobody tells is kept unseen.
 */
export async function placeFork(
  env: Environment,
  draft: RoomDraft,
  events: readonly Vetted[],
  fork: Fork,
): Promise<number> {
  let seen = 0;
  for (const [n, event] of events.entries()) {
    const told = await findBefore(env, draft, event, fork);
    const allowed = await checkAuthChain(draft, event);
    // What its authority is cannot be told: it is left for another page.
    if (allowed.ok === 'missing') continue;
    const byTold = told === undefined ? allowed : await checkState(draft, event, told);
    // A state that others tell undoes nothing that we go by: then nobody has told it.
    const isRefuted = allowed.ok && !byTold.ok && isRelied(await draft.findEvent(event.eventId));
    const before = isRefuted ? undefined : told;
    const byState = isRefuted ? allowed : byTold;
    const refusal = allowed.ok ? byState : allowed;
    const change = before === undefined ? undefined : await rowOf(draft, event, before);
    const after =
      before === undefined || change === undefined || !refusal.ok
        ? before
        : await appendBeside(draft, before, [change], env.limits.timelineDepth);
    await putHistoric(env, draft, event, {
      verdict: refusal.ok ? 'accepted' : 'rejected',
      ...(refusal.ok ? {} : { rule: refusal.rule }),
      position: fork.position + n,
      before,
      after,
      replaces: change?.from,
      claimed: !(await hasParents(draft, event)),
      decidedBy: before,
    });
    if (refusal.ok && before !== undefined) seen += 1;
  }
  return seen;
}

async function hasParents(draft: RoomDraft, { prevEvents }: Vetted): Promise<boolean> {
  for (const prev of prevEvents) {
    if ((await draft.findEvent(prev))?.place !== 'timeline') return false;
  }
  return true;
}

async function findBefore(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  { floor, stateBefore }: Fork,
): Promise<StateRef | undefined> {
  const claimed = await stateBefore(event);
  if (claimed !== undefined) return claimBeside(env, draft, floor, claimed);
  const afterParents: StateRef[] = [];
  for (const prev of event.prevEvents) {
    const { after } = (await draft.findEvent(prev)) ?? {};
    if (after === undefined) return undefined;
    afterParents.push(after);
  }
  return mergedState(env, draft, afterParents);
}

async function claimBeside(
  env: Environment,
  draft: RoomDraft,
  floor: StateRef,
  claimed: StateMap<EventId>,
): Promise<StateRef> {
  const held = await listState(draft.states, floor);
  return appendBeside(draft, floor, changesTo(held, claimed), env.limits.timelineDepth);
}
