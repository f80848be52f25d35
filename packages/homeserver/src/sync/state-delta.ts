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

type StateReads = Pick<RoomViews, 'stateAtPosition' | 'stateChanges'>;

/**
 * State that the client lacks at the start of its timeline. What moved by resolution alone within the
 * window stands in no timeline event, so it is put here too: the client applies it before the window.
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
  if (after === undefined)
    put(await (await views.stateAtPosition(roomId, window.startsAfter)).list());
  else if (window.limited) put(await views.stateChanges(roomId, after, window.startsAfter));
  const inWindow = new Set(window.events.map(({ pdu }) => pdu.eventId));
  const changes = await views.stateChanges(roomId, window.startsAfter, upTo);
  put(changes.filter((pdu) => !inWindow.has(pdu.eventId)));
  return [...delta].map(([, , pdu]) => pdu);
}

/** State that the client lacks at the end of its timeline (`use_state_after`). */
export async function stateAfterWindow(
  views: StateReads,
  query: DeltaQuery,
): Promise<readonly Pdu[]> {
  const { roomId, after, upTo } = query;
  if (after !== undefined) return views.stateChanges(roomId, after, upTo);
  return (await views.stateAtPosition(roomId, upTo)).list();
}
