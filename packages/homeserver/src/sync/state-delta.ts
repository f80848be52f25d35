import { StateMap, type Pdu, type RoomId } from '@hansa/protocol';
import type { RoomViews } from '../engine/room-views.ts';
import type { TimelineWindow } from './timeline-window.ts';

interface DeltaQuery {
  readonly roomId: RoomId;
  /** What the client has; absent where it has nothing. */
  readonly after: number | undefined;
  readonly upTo: number;
  readonly window: TimelineWindow;
}

type StateReads = Pick<RoomViews, 'stateBefore' | 'stateChanges'>;

/** Before everything: the changes from there are a whole state. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/**
 * State that the client lacks at the start of its timeline. What changed within the window and is not shown there,
 * by resolution alone or because a filter holds it back, is put here too: the client applies it before the window.
 */
export async function stateBeforeWindow(
  views: StateReads,
  query: DeltaQuery,
): Promise<readonly Pdu[]> {
  const { roomId, after, upTo, window } = query;
  const delta = new StateMap<Pdu>();
  const put = (pdus: readonly Pdu[]) => {
    for (const pdu of pdus) if (pdu.stateKey !== undefined) delta.set(pdu.type, pdu.stateKey, pdu);
  };
  if (after === undefined) put(await stateAtStart(views, roomId, window));
  else if (window.startsAfter > after) {
    put(await views.stateChanges(roomId, after, window.startsAfter));
  }
  const shown = new Set(window.events.map(({ pdu }) => pdu.eventId));
  const changes = await views.stateChanges(roomId, window.startsAfter, upTo);
  put(changes.filter((pdu) => !shown.has(pdu.eventId)));
  return [...delta].map(([, , pdu]) => pdu);
}

/** State that the client lacks at the end of its timeline (`use_state_after`). */
export async function stateAfterWindow(
  views: StateReads,
  { roomId, after, upTo }: DeltaQuery,
): Promise<readonly Pdu[]> {
  return views.stateChanges(roomId, after ?? BEFORE_ALL, upTo);
}

/** By position since we are in the room; at its beginning and before, by what the first event was sent on. */
async function stateAtStart(
  views: StateReads,
  roomId: RoomId,
  { events, startsAfter }: TimelineWindow,
): Promise<readonly Pdu[]> {
  const state = await views.stateChanges(roomId, BEFORE_ALL, startsAfter);
  const first = events[0];
  if (state.length > 0 || first === undefined) return state;
  return (await views.stateBefore(roomId, first.pdu.eventId)).list();
}
