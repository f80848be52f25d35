import { member, type RoomId } from '@hansa/protocol';
import type { RoomEventFilter, SyncJoinedRoom } from '@hansa/protocol/wire';
import { formatStateEvent, formatTimelineEvent } from '../client-events/format-event.ts';
import { visibleEvents } from '../client-events/visible-events.ts';
import type { UserMembership } from '../engine/room-views.ts';
import { passesFilter } from './event-filter.ts';
import { lazyMembers } from './lazy-members.ts';
import { summarise } from './room-summary.ts';
import { stateAfterWindow, stateBeforeWindow } from './state-delta.ts';
import type { SyncWindow } from './sync-window.ts';
import { readTimelineWindow } from './timeline-window.ts';

const DEFAULT_TIMELINE_LIMIT = 20;
const MAX_TIMELINE_LIMIT = 500;

/** What is new in a room that the viewer is in; undefined where nothing is. */
export async function joinedRoomSection(
  sync: SyncWindow,
  membership: UserMembership,
): Promise<SyncJoinedRoom | undefined> {
  const knownUpTo = await positionKnownToClient(sync, membership);
  const section = await roomSection(sync, membership.roomId, knownUpTo, sync.upTo);
  if (section === undefined) return undefined;
  const hasMemberChange = section.changed || knownUpTo === undefined;
  if (!hasMemberChange) return section.body;
  const state = await sync.views.stateAtPosition(membership.roomId, sync.upTo);
  return { ...section.body, summary: await summarise(state, sync.viewer.userId) };
}

/** The end of a room that the viewer left or was removed from, up to that event. */
export async function leftRoomSection(
  sync: SyncWindow,
  membership: UserMembership,
): Promise<SyncJoinedRoom | undefined> {
  const end = Math.min(membership.position, sync.upTo);
  return (await roomSection(sync, membership.roomId, sync.since, end))?.body;
}

async function roomSection(
  sync: SyncWindow,
  roomId: RoomId,
  after: number | undefined,
  upTo: number,
): Promise<{ readonly body: SyncJoinedRoom; readonly changed: boolean } | undefined> {
  const { views, filter, viewer } = sync;
  const timelineFilter = filter.room?.timeline ?? {};
  const limit = Math.min(timelineFilter.limit ?? DEFAULT_TIMELINE_LIMIT, MAX_TIMELINE_LIMIT);
  const window = await readTimelineWindow(views, { roomId, after, upTo, limit });
  const delta = { roomId, after: sync.fullState ? undefined : after, upTo, window };
  const lacking = sync.useStateAfter
    ? await stateAfterWindow(views, delta)
    : await stateBeforeWindow(views, delta);
  const isNews = window.events.length > 0 || lacking.length > 0 || after === undefined;
  if (!isNews && !sync.fullState) return undefined;

  const visible = await visibleEvents(views, roomId, viewer.userId, window.events);
  const stateFilter: RoomEventFilter = filter.room?.state ?? {};
  const needed = stateFilter.lazy_load_members
    ? lazyMembers(lacking, window, [viewer.userId])
    : lacking;
  const shown = { now: sync.now, withoutRoomId: true };
  const state = {
    events: needed
      .filter((pdu) => passesFilter(pdu, stateFilter))
      .map((pdu) => formatStateEvent(pdu, shown)),
  };
  const body: SyncJoinedRoom = {
    timeline: {
      events: visible
        .filter(({ pdu }) => passesFilter(pdu, timelineFilter))
        .map((event) => formatTimelineEvent(event, viewer, shown)),
      limited: window.limited,
      prev_batch: sync.token(window.startsAfter),
    },
    ...(sync.useStateAfter ? { state_after: state } : { state }),
  };
  const touchesMembers = ({ type }: { readonly type: string }) => type === 'm.room.member';
  const changed =
    lacking.some(touchesMembers) || window.events.some(({ pdu }) => touchesMembers(pdu));
  return { body, changed };
}

/** A room joined since the last answer is new to the client whole, however old its events are. */
async function positionKnownToClient(
  { views, since, viewer }: SyncWindow,
  { roomId, position }: UserMembership,
): Promise<number | undefined> {
  if (since === undefined || position <= since) return since;
  const before = await views.stateAtPosition(roomId, since);
  const event = await before.find('m.room.member', viewer.userId);
  return event && member(event.content, 'membership') === 'join' ? since : undefined;
}
