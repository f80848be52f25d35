import type { Pdu, RoomId, UserId } from '@hansa/protocol';
import type { SyncLeftRoom } from '@hansa/protocol/wire';
import { passesFilter, passesRooms } from '../client-events/event-filter.ts';
import { showStateEvent, showTimelineEvents } from '../client-events/show-events.ts';
import { lazyState } from './lazy-members.ts';
import { stateAfterWindow, stateBeforeWindow } from './state-delta.ts';
import type { SyncWindow } from './sync-window.ts';
import { readTimelineWindow, type TimelineWindow } from './timeline-window.ts';

export interface RoomNews {
  readonly roomId: RoomId;
  /** What the client has of the room; absent where it has nothing. */
  readonly after: number | undefined;
  readonly upTo: number;
  readonly window: TimelineWindow;
  /** Lazily loaded members or not: all that changed, or all there is. */
  readonly lacking: readonly Pdu[];
}

/** What happened in a room within (after, upTo], before it is shown. */
export async function readRoomNews(
  sync: SyncWindow,
  { roomId, after, upTo }: Pick<RoomNews, 'roomId' | 'after' | 'upTo'>,
): Promise<RoomNews> {
  const { views, viewer, filter } = sync;
  const window = await readTimelineWindow(views, {
    roomId,
    userId: viewer.userId,
    after,
    upTo,
    filter: filter.room?.timeline ?? {},
  });
  const delta = { roomId, after: sync.fullState ? undefined : after, upTo, window };
  const lacking = sync.useStateAfter
    ? await stateAfterWindow(views, delta)
    : await stateBeforeWindow(views, delta);
  return { roomId, after, upTo, window, lacking };
}

/** The room as the client gets it; `known` are users that it has to know whoever speaks. */
export async function showRoomNews(
  sync: SyncWindow,
  news: RoomNews,
  known: readonly UserId[],
): Promise<SyncLeftRoom> {
  const { views, viewer, shown } = sync;
  const { roomId, window } = news;
  const state = (await wantedState(sync, news, known)).map((pdu) => showStateEvent(pdu, shown));
  return {
    timeline: {
      events: await showTimelineEvents(views, roomId, window.events, { reader: viewer, shown }),
      limited: window.limited,
      prev_batch: sync.token(window.startsAfter),
    },
    [sync.useStateAfter ? 'state_after' : 'state']: { events: state },
  };
}

async function wantedState(
  sync: SyncWindow,
  { roomId, after, upTo, window, lacking }: RoomNews,
  known: readonly UserId[],
): Promise<readonly Pdu[]> {
  const filter = sync.filter.room?.state ?? {};
  if (!passesRooms(roomId, filter)) return [];
  const at = sync.useStateAfter ? upTo : window.startsAfter;
  const state = filter.lazy_load_members
    ? await lazyState({
        lacking,
        isWhole: sync.fullState || after === undefined,
        needed: new Set([...known, ...window.events.map(({ pdu }) => pdu.sender)]),
        state: () => sync.views.stateAtPosition(roomId, at),
      })
    : lacking;
  return state.filter((pdu) => passesFilter(pdu, filter));
}
