import type { RoomId } from '@hansa/protocol';
import type { SyncResponse } from '@hansa/protocol/wire';
import { strippedStateOf } from '../client-events/stripped-state.ts';
import type { UserMembership } from '../engine/room-views.ts';
import { passesRooms } from '../client-events/event-filter.ts';
import { joinedRoomSection } from './joined-room.ts';
import { leftRoomSection } from './left-room.ts';
import type { SyncWindow } from './sync-window.ts';

type Section = 'join' | 'invite' | 'knock' | 'leave';

/** One answer of `GET /sync` (client-server API, "Syncing"). Until encryption is built no one-time key is ever there. */
export async function buildSyncResponse(
  sync: SyncWindow,
  memberships: readonly UserMembership[],
): Promise<SyncResponse> {
  const sections = new Map<Section, [RoomId, object][]>();
  const wanted = memberships.filter(({ roomId }) => passesRooms(roomId, sync.filter.room ?? {}));
  for (const membership of await withNews(sync, wanted)) {
    const entry = await sectionOf(sync, membership);
    if (entry === undefined) continue;
    const [section, body] = entry;
    const ofSection = sections.get(section) ?? [];
    sections.set(section, ofSection);
    ofSection.push([membership.roomId, body]);
  }
  const rooms = Object.fromEntries(
    [...sections].map(([section, entries]) => [section, Object.fromEntries(entries)]),
  );
  return {
    next_batch: sync.nextBatch,
    ...(sections.size === 0 ? {} : { rooms }),
    device_one_time_keys_count: {},
    device_unused_fallback_key_types: [],
  };
}

/** Leaves out joined rooms of which the client has everything: whoever is in many is woken by one of them at a time. */
async function withNews(
  { views, since, upTo, fullState, typing }: SyncWindow,
  memberships: readonly UserMembership[],
): Promise<readonly UserMembership[]> {
  if (since === undefined || fullState) return memberships;
  const isKnown = ({ membership, position }: UserMembership) =>
    membership === 'join' && position <= since;
  const known = memberships.filter(isKnown).map(({ roomId }) => roomId);
  const changed = await views.changedRooms(known, since, upTo);
  return memberships.filter(
    (each) => !isKnown(each) || changed.has(each.roomId) || typing.rooms.has(each.roomId),
  );
}

async function sectionOf(
  sync: SyncWindow,
  membership: UserMembership,
): Promise<readonly [Section, object] | undefined> {
  const isNew = sync.since === undefined || membership.position > sync.since;
  switch (membership.membership) {
    case 'join': {
      const body = await joinedRoomSection(sync, membership);
      return body && ['join', body];
    }
    case 'invite':
      if (!isNew) return undefined;
      return [
        'invite',
        { invite_state: { events: await strippedStateOf(sync.views, membership) } },
      ];
    case 'knock':
      if (!isNew) return undefined;
      return ['knock', { knock_state: { events: await strippedStateOf(sync.views, membership) } }];
    case 'leave':
    case 'ban': {
      const isAsked = sync.filter.room?.include_leave === true && !membership.isForgotten;
      const isWanted = sync.since === undefined ? isAsked : isNew;
      return isWanted ? ['leave', await leftRoomSection(sync, membership)] : undefined;
    }
  }
}
