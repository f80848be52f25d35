import type { EventId } from '../../identifiers/brand.ts';
import type { ResolutionRoom } from '../resolution-input.ts';
import type { StateMap } from '../state-map.ts';

/** The definitions of the specification word by word, at whatever cost. */

/** An event with its auth chain, as far as it is held. */
function naiveChain(eventId: EventId, room: ResolutionRoom): Set<EventId> {
  const chain = new Set<EventId>();
  const add = (id: EventId): void => {
    const event = room.event(id);
    if (event === undefined || chain.has(id)) return;
    chain.add(id);
    for (const authEvent of event.authEvents) add(authEvent);
  };
  add(eventId);
  return chain;
}

/** Union less intersection of the full auth chains, each with the events of its state. */
export function naiveAuthDifference(
  states: readonly StateMap<EventId>[],
  room: ResolutionRoom,
): Set<EventId> {
  const chains = states.map((state) => {
    let chain = new Set<EventId>();
    for (const [, , eventId] of state) chain = chain.union(naiveChain(eventId, room));
    return chain;
  });
  const union = chains.reduce((all, chain) => all.union(chain), new Set<EventId>());
  return new Set([...union].filter((id) => !chains.every((chain) => chain.has(id))));
}

/** Events on a path from one conflicted event down to another, both ends included. */
export function naiveSubgraph(
  conflicted: ReadonlySet<EventId>,
  room: ResolutionRoom,
): Set<EventId> {
  const between = new Set<EventId>();
  for (const upper of conflicted) {
    const below = naiveChain(upper, room);
    for (const lower of conflicted) {
      if (lower === upper || !below.has(lower)) continue;
      for (const id of below) if (naiveChain(id, room).has(lower)) between.add(id);
    }
  }
  return between;
}
