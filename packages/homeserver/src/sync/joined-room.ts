import type { SyncJoinedRoom } from '@hansa/protocol/wire';
import type { UserMembership } from '../engine/room-views.ts';
import { isJoinedAt } from '../membership/state-at.ts';
import { ephemeralSection } from './ephemeral-section.ts';
import { readRoomNews, showRoomNews, type RoomNews } from './room-section.ts';
import { concernsSummary, summarise } from './room-summary.ts';
import type { SyncWindow } from './sync-window.ts';

/** What is new in a room that the viewer is in; undefined where nothing is. */
export async function joinedRoomSection(
  sync: SyncWindow,
  membership: UserMembership,
): Promise<SyncJoinedRoom | undefined> {
  const { views, viewer, upTo } = sync;
  const { roomId } = membership;
  const after = await positionKnownToClient(sync, membership);
  const news = await readRoomNews(sync, { roomId, after, upTo });
  const ephemeral = await ephemeralSection(sync, roomId, sync.fullState ? undefined : after);
  if (!sync.fullState && !isNews(news) && ephemeral.length === 0) return undefined;
  const summary = mayChangeSummary(news)
    ? await summarise(await views.stateAtPosition(roomId, upTo), viewer.userId)
    : undefined;
  const isWhole = sync.fullState || after === undefined;
  const heroes = (summary?.['m.heroes'] ?? []) as (typeof viewer.userId)[];
  const body = await showRoomNews(sync, news, [...(isWhole ? [viewer.userId] : []), ...heroes]);
  if (!isWhole && isEmpty(body) && ephemeral.length === 0) return undefined;
  return {
    ...body,
    ...(ephemeral.length === 0 ? {} : { ephemeral: { events: ephemeral } }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** A room joined since the last answer is new to the client whole, however old its events are. */
async function positionKnownToClient(
  { views, since, viewer }: SyncWindow,
  { roomId, position }: UserMembership,
): Promise<number | undefined> {
  if (since === undefined || position <= since) return since;
  return (await isJoinedAt(views, roomId, viewer.userId, since)) ? since : undefined;
}

function isNews({ after, window, lacking }: RoomNews): boolean {
  return after === undefined || window.limited || window.events.length > 0 || lacking.length > 0;
}

function mayChangeSummary({ after, window, lacking }: RoomNews): boolean {
  return (
    after === undefined ||
    lacking.some(concernsSummary) ||
    window.events.some(({ pdu }) => concernsSummary(pdu))
  );
}

/** Filters may have held back all there was. */
function isEmpty({ timeline, state, state_after: stateAfter }: SyncJoinedRoom): boolean {
  const isLimited = timeline?.limited === true;
  return !isLimited && [timeline, state, stateAfter].every((batch) => !batch?.events.length);
}
