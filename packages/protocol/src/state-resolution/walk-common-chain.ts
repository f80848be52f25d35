import type { EventId } from '../identifiers/brand.ts';
import type { CommonChain } from './common-chain.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StateMap } from './state-map.ts';
import { done, type StepCounter, type Steps } from './steps.ts';

/** The common chain of whole states, walked once from all their unconflicted events. */
export function* walkCommonChain(
  unconflicted: StateMap<EventId>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<CommonChain> {
  const seen = new Set<EventId>();
  const open: EventId[] = [];
  for (const [, , eventId] of unconflicted) {
    if (counter.pauses()) yield;
    open.push(eventId);
  }
  for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
    if (counter.pauses()) yield;
    if (seen.has(eventId)) continue;
    seen.add(eventId);
    open.push(...(room.event(eventId)?.authEvents ?? []));
  }
  return {
    has: (eventId) => done(seen.has(eventId)),
  };
}
