import { createHash } from 'node:crypto';
import type { StateLookup } from '../auth/index.ts';
import type { Conflict } from './conflict.ts';
import { CountedChecks } from './counted-checks.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { type PartialState, unconflictedState } from './partial-state.ts';
import type { StateMap } from './state-map.ts';
import { eachInSteps, type StepCounter, type Steps } from './steps.ts';

/** Types whose conflicts are resolved first, one after the other, as all later decisions rest on them. */
const AUTH_TYPES = ['m.room.power_levels', 'm.room.join_rules', 'm.room.member'];

/**
 * State resolution of version 1, which is no longer used by any other. Only events that differ are a conflict here:
 * a key that some states lack is not. Source: rooms/v1.md, "State resolution".
 */
export function* resolveV1(
  conflict: Conflict,
  events: HeldEvents,
  counter: StepCounter,
): Steps<StateMap<HeldEvent>> {
  const state = unconflictedState(conflict, events);
  const conflicts = new Map(AUTH_TYPES.map((type) => [type, [] as HeldEvent[][]]));
  const others: HeldEvent[][] = [];
  for (const ofKey of conflict.byKey) {
    if (counter.pauses(ofKey.length)) yield;
    const candidates = orderedCandidates(ofKey);
    const [first] = candidates;
    if (first === undefined) continue;
    if (candidates.length === 1) setEvent(state, first);
    else (conflicts.get(first.event.type) ?? others).push(candidates);
  }
  const checks = new CountedChecks(events.rules, counter);
  for (const keys of conflicts.values()) {
    yield* resolveKeys(keys, resolveAuthKey, { state, checks, counter });
  }
  yield* resolveKeys(others, resolveOtherKey, { state, checks, counter });
  return state.resolved;
}

interface Resolving {
  readonly state: PartialState;
  readonly checks: CountedChecks;
  readonly counter: StepCounter;
}

type ResolveKey = (
  candidates: readonly HeldEvent[],
  resolving: Resolving,
) => Steps<HeldEvent | undefined>;

/** Decides each key by the state before, so that the order of keys does not matter. */
function* resolveKeys(
  keys: readonly (readonly HeldEvent[])[],
  resolveKey: ResolveKey,
  resolving: Resolving,
): Steps<void> {
  const chosen: HeldEvent[] = [];
  for (const candidates of keys) {
    const held = yield* resolveKey(candidates, resolving);
    if (held !== undefined) chosen.push(held);
  }
  for (const held of chosen) setEvent(resolving.state, held);
}

/** Follows the list from the first event as long as each event allows the next. */
function* resolveAuthKey(
  candidates: readonly HeldEvent[],
  { state, checks, counter }: Resolving,
): Steps<HeldEvent | undefined> {
  yield* eachInSteps(candidates, counter, ({ event }) => checks.readAhead(event));
  const [first, ...rest] = candidates;
  let chosen = first?.event;
  let last = first;
  const lookUp: StateLookup = (type, stateKey) =>
    type === chosen?.type && stateKey === chosen.stateKey
      ? chosen
      : state.get(type, stateKey)?.event;
  for (const held of rest) {
    if (counter.pauses()) yield;
    if (!checks.allow(held.event, lookUp)) break;
    last = held;
    chosen = held.event;
  }
  return last;
}

/** The last that the state allows; when it allows none, the first. */
function* resolveOtherKey(
  candidates: readonly HeldEvent[],
  { state, checks, counter }: Resolving,
): Steps<HeldEvent | undefined> {
  const lookUp: StateLookup = (type, stateKey) => state.get(type, stateKey)?.event;
  for (const held of candidates.toReversed()) {
    if (counter.pauses()) yield;
    if (checks.allow(held.event, lookUp)) return held;
  }
  return candidates[0];
}

/** Different events of a key that may come out, by rising depth and falling hash of their ids. */
function orderedCandidates(ofKey: readonly HeldEvent[]): HeldEvent[] {
  return [...new Set(ofKey)]
    .filter(({ event, rejected }) => !rejected && event.stateKey !== undefined)
    .map((held) => ({ held, depth: held.event.depth, hash: sha1(held.event.eventId) }))
    .sort((a, b) => a.depth - b.depth || (a.hash < b.hash ? 1 : -1))
    .map(({ held }) => held);
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function setEvent({ resolved }: PartialState, held: HeldEvent): void {
  const { type, stateKey } = held.event;
  if (stateKey !== undefined) resolved.set(type, stateKey, held);
}
