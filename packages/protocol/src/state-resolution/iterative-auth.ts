import type { StateLookup } from '../auth/index.ts';
import { CountedChecks } from './counted-checks.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import type { PartialState } from './partial-state.ts';
import { eachInSteps, type StepCounter, type Steps } from './steps.ts';

/**
 * Iterative auth checks: each event in turn goes into the state if the state allows it. What the state lacks is
 * taken from the event's own auth events; nothing rejected authorises or goes in. Changes `state`.
 * Source: rooms/v2.md, "Definitions".
 */
export function* checkInTurn(
  sorted: readonly HeldEvent[],
  state: PartialState,
  events: HeldEvents,
  counter: StepCounter,
): Steps<void> {
  const [first] = sorted;
  if (first === undefined) return;
  const checks = new CountedChecks(events.rules, counter);
  let judged = first;
  const lookUp: StateLookup = (type, stateKey) => {
    const authority = state.get(type, stateKey) ?? events.authEventOf(judged, type, stateKey);
    return authority === undefined || authority.rejected ? undefined : authority.event;
  };
  yield* eachInSteps(sorted, counter, ({ event }) => checks.readAhead(event));
  yield* eachInSteps(sorted, counter, (held) => {
    const { event, rejected } = held;
    if (rejected || event.stateKey === undefined) return;
    judged = held;
    if (!checks.allow(event, lookUp)) return;
    state.resolved.set(event.type, event.stateKey, held);
  });
}
