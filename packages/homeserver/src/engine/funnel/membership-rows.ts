import { isUserId, readMembership, serverOf } from '@hansa/protocol';
import type { EventId, ServerName, UserId } from '@hansa/protocol';
import type { Membership, Position } from '@hansa/storage';
import { isOurs, type Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { RowChange } from '../room/tip-differences.ts';

/**
 * What follows from members of the current state coming and going: the rows of users, the stays of servers, and
 * whether we are in the room ourselves. Derived from the rows of the main timeline, never from the event that
 * has just arrived: resolution may have moved more, or other, members.
 */
export async function followMembers(
  env: Environment,
  draft: RoomDraft,
  changes: readonly RowChange[],
  position: Position,
): Promise<void> {
  if (changes.length === 0) return;
  const joined = new Map(draft.getHead().joined);
  for (const { type, stateKey, from, to } of changes) {
    if (type !== 'm.room.member' || !isUserId(stateKey)) continue;
    const server = serverOf(stateKey);
    await env.turns.breathe();
    if ((await membershipIn(draft, from)) === 'join') add(joined, server, -1);
    if ((await membershipIn(draft, to)) === 'join') add(joined, server, 1);
    if (to === undefined) await dropMember(env, draft, stateKey, from, position);
    else await putMember(env, draft, stateKey, to, position);
  }
  followServers(env, draft, joined, position);
}

async function membershipIn(
  draft: RoomDraft,
  eventId: EventId | undefined,
): Promise<Membership | undefined> {
  if (eventId === undefined) return undefined;
  return readMembership((await draft.getEvent(eventId)).pdu.content);
}

async function putMember(
  env: Environment,
  draft: RoomDraft,
  userId: UserId,
  eventId: EventId,
  position: Position,
): Promise<void> {
  const { roomId } = draft;
  const local = isOurs(env, userId);
  if (local) draft.changedUsers.add(userId);
  const { sender, content } = (await draft.getEvent(eventId)).pdu;
  const membership = readMembership(content) ?? 'leave';
  const server = serverOf(userId);
  draft.members.put({ roomId, userId, server, local, membership, eventId, sender, position });
}

/**
 * Resolution takes a membership away without an event that says so. A user of ours is told all the same: the row stays, as a
 * leave, with the event that does not count any more.
 */
async function dropMember(
  env: Environment,
  draft: RoomDraft,
  userId: UserId,
  eventId: EventId | undefined,
  position: Position,
): Promise<void> {
  if (eventId === undefined || !isOurs(env, userId)) {
    draft.members.delete(userId);
    return;
  }
  draft.changedUsers.add(userId);
  const { roomId } = draft;
  const { sender } = (await draft.getEvent(eventId)).pdu;
  const [server, local, membership] = [serverOf(userId), true, 'leave' as const];
  draft.members.put({ roomId, userId, server, local, membership, eventId, sender, position });
}

function followServers(
  env: Environment,
  draft: RoomDraft,
  joined: Map<ServerName, number>,
  position: Position,
): void {
  const { roomId } = draft;
  const before = draft.getHead().joined;
  for (const server of new Set([...before.keys(), ...joined.keys()])) {
    if (server === env.serverName) continue;
    const [was, is] = [before.has(server), joined.has(server)];
    if (!was && is) draft.write(({ rooms }) => rooms.openStay(roomId, server, position));
    if (was && !is) draft.write(({ rooms }) => rooms.closeStay(roomId, server, position));
  }
  draft.setJoined(joined);
  const [wereIn, areIn] = [before.has(env.serverName), joined.has(env.serverName)];
  if (!wereIn && areIn) draft.setResidence('joined');
  if (wereIn && !areIn) leaveRoom(draft, joined, position);
}

/** History stays; what we knew of the room's end does not hold any more from here on. */
function leaveRoom(
  draft: RoomDraft,
  joined: ReadonlyMap<ServerName, number>,
  position: Position,
): void {
  const { roomId } = draft;
  for (const server of joined.keys()) {
    draft.write(({ rooms }) => rooms.closeStay(roomId, server, position));
  }
  draft.setResidence('left');
  draft.setExtremities(new Map());
  draft.write(({ stage }) => stage.deleteRoom(roomId));
}

function add(counts: Map<ServerName, number>, server: ServerName, change: number): void {
  const count = (counts.get(server) ?? 0) + change;
  if (count > 0) counts.set(server, count);
  else counts.delete(server);
}
