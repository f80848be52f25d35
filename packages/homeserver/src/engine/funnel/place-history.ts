import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import { knownState } from '../room/known-state.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { fullerCopy } from './fuller-copy.ts';
import { placeFork } from './place-history-fork.ts';
import { placeLine } from './place-history-line.ts';
import { isLineFrom } from './is-line.ts';
import { inOrderOf } from './vet-all.ts';
import type { Vetted } from './vetted.ts';

/** Events from before our time in a room. */
export interface HistoryPage {
  readonly events: ReadonlyMap<EventId, Vetted>;
  /** The parents of events of ours that were asked for. */
  readonly from: readonly EventId[];
  /** States before the oldest events of the page, as another server claims them. */
  readonly stateBefore: ReadonlyMap<EventId, readonly EventId[]>;
  /** Of an event that follows a gap, with enough positions free before it; undefined: the page comes before all else. */
  readonly below: number | undefined;
}

/**
 * Puts history before a room's timeline, at descending negative positions, or into a gap of it, at positions that were
 * left free: nobody is told of it as new. A page
 * that is one line, and ends in the state that our stay began with, moves the floor of the main timeline down; any
 * other is a fork beside it. Answers how many events can be seen.
 */
export async function placeHistory(
  env: Environment,
  draft: RoomDraft,
  page: HistoryPage,
): Promise<number> {
  const { floor, current, lowestPosition } = draft.getHead();
  if (current === undefined) return 0;
  // Rows below the floor are not seen by what is decided in the same commit.
  draft.seal();
  const events: Vetted[] = [];
  for (const event of inOrderOf(page.events, ({ prevEvents }) => prevEvents)) {
    events.push(fullerCopy(await draft.findEvent(event.eventId), event));
  }
  const position = (page.below ?? lowestPosition) - events.length;
  if (page.below === undefined) draft.setLowestPosition(position);
  const at = await draft.states.findLowest(current.timeline);
  const oldest = { timeline: current.timeline, at };
  const [from, ...others] = page.from;
  const joinsOn = from !== undefined && others.length === 0 && floor.parent === from;
  if (joinsOn && isLineFrom(from, page.events)) {
    const placed = await placeLine(env, draft, events, {
      floor: oldest,
      position,
      stateBefore: await claimedState(draft, page, events[0]),
    });
    if (placed !== undefined) return placed;
  }
  // What goes on below the fork is no line from the floor.
  if (floor.parent !== undefined && page.from.includes(floor.parent)) {
    draft.setFloor({ ...floor, parent: undefined });
  }
  return placeFork(env, draft, events, {
    floor: oldest,
    position,
    stateBefore: (event) => claimedState(draft, page, event),
  });
}

async function claimedState(
  draft: RoomDraft,
  page: HistoryPage,
  event: Vetted | undefined,
): Promise<StateMap<EventId> | undefined> {
  // Nothing is before the event that made the room.
  if (event?.prevEvents.length === 0) return new StateMap<EventId>();
  const ids = event === undefined ? undefined : page.stateBefore.get(event.eventId);
  return ids === undefined ? undefined : knownState(draft, ids);
}
