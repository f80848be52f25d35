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
  const chain = new Set<EventId>();
  const open: EventId[] = [];
  for (const [, , start] of unconflicted) {
    open.push(start);
    chain.add(start);
    for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
      if (counter.pauses()) yield;
      for (const authEvent of room.event(eventId)?.authEvents ?? []) {
        if (chain.has(authEvent)) continue;
        chain.add(authEvent);
        open.push(authEvent);
      }
    }
  }
  return {
    look: ({ event }) => chain.has(event.eventId),
    // Never called: a look always finds out.
    finish: () => done(false),
  };
}
