import { serverOf } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { isReached, willFork } from './extremities.ts';
import type { Parented } from './extremities.ts';

/**
 * Whether an event has to wait, as it would be one more fork of a room that has all it can take, and its sender's
 * server has made more of them than its share. Nothing is wrong with it: it comes in when forks have been merged.
 */
export async function isForkTooMany(
  env: Environment,
  draft: RoomDraft,
  event: Parented,
): Promise<boolean> {
  return hasMadeItsShare(env, draft, serverOf(event.sender)) && willFork(draft, event);
}

/**
 * The same of an event of which it was so before, at less expense: what it follows does not change, and no event
 * becomes an extremity that was one.
 */
export async function isForkTooManyStill(
  env: Environment,
  draft: RoomDraft,
  event: Parented,
): Promise<boolean> {
  return (
    hasMadeItsShare(env, draft, serverOf(event.sender)) && !(await isReached(draft, event.eventId))
  );
}

/** Whether the room has all the forks that it takes, and the server has made its share of them. */
export function hasMadeItsShare(env: Environment, draft: RoomDraft, server: ServerName): boolean {
  const { extremities } = draft.getHead();
  const limit = env.limits.forwardExtremities;
  if (extremities.size < limit || server === env.serverName) return false;
  const counts = new Map<ServerName, number>([[server, 0]]);
  for (const tip of extremities.values()) {
    counts.set(tip.server, (counts.get(tip.server) ?? 0) + 1);
  }
  const own = counts.get(server) ?? 0;
  return own >= limit / counts.size;
}
