import { member, readMembership, type Membership, type Pdu, type UserId } from '@hansa/protocol';
import type { SyncRoomSummary } from '@hansa/protocol/wire';
import type { StateView } from '../engine/room-views.ts';

const MAX_HEROES = 5;
const TYPES: ReadonlySet<string> = new Set([
  'm.room.member',
  'm.room.name',
  'm.room.canonical_alias',
]);

/** Whether a change of this kind may change the summary. */
export function concernsSummary({ type }: Pick<Pdu, 'type'>): boolean {
  return TYPES.has(type);
}

/** What a client needs to name a room that has no name (client-server API, `GET /sync`, "RoomSummary"). */
export async function summarise(state: StateView, viewer: UserId): Promise<SyncRoomSummary> {
  const members = await state.list('m.room.member');
  const having = (...wanted: readonly Membership[]) =>
    members.filter(({ content }) => wanted.some((each) => each === readMembership(content)));
  const counts = {
    'm.joined_member_count': having('join').length,
    'm.invited_member_count': having('invite').length,
  };
  if (await hasName(state)) return counts;
  const present = others(having('join', 'invite'), viewer);
  const heroes = present.length > 0 ? present : others(having('leave', 'ban'), viewer);
  return { ...counts, 'm.heroes': heroes.slice(0, MAX_HEROES) };
}

/** Those who came first stand first. */
function others(members: readonly Pdu[], viewer: UserId): UserId[] {
  return members
    .toSorted((one, other) => one.depth - other.depth)
    .map(({ stateKey }) => stateKey as UserId)
    .filter((userId) => userId !== viewer);
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
