import { checkAuth, checkStateRules } from '../auth/index.ts';
import type { Decision } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { StateMap } from '../state-resolution/state-map.ts';
import type { EventSketch, RoomBuilder } from './room-builder.ts';

/** `allowed`, or the rule that refuses: what tables of rules compare. */
export function verdictOf(decision: Decision): string {
  return decision.ok ? 'allowed' : decision.rule;
}

/**
 * What the rules say of an event at the end of the room, or after `prev`. It is judged by the state there and by its
 * auth events alone, and throws where the two differ: then the selection leaves out what a rule reads.
 */
export function judge(room: RoomBuilder, sketch: EventSketch): string {
  const event = room.build(sketch);
  const state = sketch.state ?? room.stateAfter(sketch.prev?.[0]);
  const byState = judgeByState(room, event, state);
  const byAuthEvents = judgeByAuthEvents(room, event);
  if (byState !== byAuthEvents) {
    throw new Error(`the state says ${byState}, the auth events say ${byAuthEvents}`);
  }
  return byState;
}

export function judgeByState(
  room: RoomBuilder,
  event: RoomEvent,
  state: StateMap<RoomEvent>,
): string {
  return verdictOf(checkStateRules(event, room.rules, (type, key) => state.get(type, key)));
}

function judgeByAuthEvents(room: RoomBuilder, event: RoomEvent): string {
  const authEvents = event.authEvents.map((id) => {
    const found = room.findById(id);
    if (found === undefined) throw new RangeError(`no event ${id}`);
    return { event: found, rejected: false };
  });
  const create = { event: room.event('create'), rejected: false };
  return verdictOf(checkAuth(event, room.rules, authEvents, create));
}
