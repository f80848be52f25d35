import { createHash } from 'node:crypto';
import { readMembership } from '@hansa/protocol';
import type { ClientEvent, SyncLeftRoom } from '@hansa/protocol/wire';
import type { UserMembership } from '../engine/room-views.ts';
import { isJoinedAt } from '../membership/state-at.ts';
import { findStayEnd } from '../membership/stay-end.ts';
import { readRoomNews, showRoomNews } from './room-section.ts';
import type { SyncWindow } from './sync-window.ts';

/** The end of a room that the viewer left or was removed from; who never was in it sees the own membership alone. */
export async function leftRoomSection(
  sync: SyncWindow,
  membership: UserMembership,
): Promise<SyncLeftRoom> {
  if (membership.strippedState !== undefined) return outsideSection(sync, membership);
  const { views, viewer, since } = sync;
  const { roomId } = membership;
  const stayEnd = await findStayEnd(views, roomId, viewer.userId);
  const hasEnded = stayEnd !== undefined && stayEnd > (since ?? -Infinity);
  if (!hasEnded) return withoutStay(sync, membership);
  const isKnown = since !== undefined && (await isJoinedAt(views, roomId, viewer.userId, since));
  const upTo = Math.min(stayEnd, sync.upTo);
  const news = await readRoomNews(sync, { roomId, after: isKnown ? since : undefined, upTo });
  return showRoomNews(sync, news, [viewer.userId]);
}

/**
 * An invite that was rejected or withdrawn, a ban from outside: the event that says so, which its user is told of
 * whatever the history visibility, and nothing of the room.
 */
async function withoutStay(sync: SyncWindow, membership: UserMembership): Promise<SyncLeftRoom> {
  const { views } = sync;
  const { roomId, eventId, position } = membership;
  const event = await views.findEvent(roomId, eventId);
  const told = event && (readMembership(event.pdu.content) ?? 'leave');
  // Resolution took the membership away, and no event says so.
  if (told !== undefined && told !== membership.membership) return outsideSection(sync, membership);
  const events = event === undefined ? [] : [{ ...event, membership: membership.membership }];
  const window = { events, limited: false, startsAfter: position - 1 };
  const news = { roomId, after: undefined, upTo: position, window, lacking: [] };
  return showRoomNews(sync, news, []);
}

/** No event can be shown that says so, so the membership is told in the form of one. */
function outsideSection(sync: SyncWindow, membership: UserMembership): SyncLeftRoom {
  const { eventId, sender, position } = membership;
  const digest = createHash('sha256').update(`left ${eventId}`).digest('base64url');
  const leave: ClientEvent = {
    event_id: `$${digest}`,
    type: 'm.room.member',
    sender,
    state_key: sync.viewer.userId,
    content: { membership: membership.membership },
    origin_server_ts: sync.shown.now,
  };
  return {
    timeline: { events: [leave], limited: false, prev_batch: sync.token(position - 1) },
    [sync.useStateAfter ? 'state_after' : 'state']: { events: [] },
  };
}
