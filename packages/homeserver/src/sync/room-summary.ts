import { member, type JsonValue, type Pdu, type UserId } from '@hansa/protocol';
import type { SyncRoomSummary } from '@hansa/protocol/wire';
import type { StateView } from '../engine/room-views.ts';

const MAX_HEROES = 5;

/** What a client needs to name a room that has no name (client-server API, `GET /sync`, "RoomSummary"). */
export async function summarise(state: StateView, viewer: UserId): Promise<SyncRoomSummary> {
  const members = await state.list('m.room.member');
  const withMembership = (...wanted: readonly JsonValue[]) =>
    members.filter((pdu) => wanted.includes(member(pdu.content, 'membership') ?? null));
  const counts = {
    'm.joined_member_count': withMembership('join').length,
    'm.invited_member_count': withMembership('invite').length,
  };
  if (await hasName(state)) return counts;
  const present = others(withMembership('join', 'invite'), viewer);
  const heroes = present.length > 0 ? present : others(withMembership('leave', 'ban'), viewer);
  return { ...counts, 'm.heroes': heroes.slice(0, MAX_HEROES) };
}

function others(members: readonly Pdu[], viewer: UserId): UserId[] {
  return members.map(({ stateKey }) => stateKey as UserId).filter((userId) => userId !== viewer);
}

async function hasName(state: StateView): Promise<boolean> {
  const name = await state.find('m.room.name', '');
  if (name && isFilled(member(name.content, 'name'))) return true;
  const alias = await state.find('m.room.canonical_alias', '');
  return alias !== undefined && isFilled(member(alias.content, 'alias'));
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
