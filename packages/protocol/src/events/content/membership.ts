import { member } from '../../json/value.ts';
import type { JsonObject } from '../../json/value.ts';

/** What a user can be to a room. */
export const MEMBERSHIPS = ['invite', 'join', 'knock', 'leave', 'ban'] as const;

export type Membership = (typeof MEMBERSHIPS)[number];

/**
 * Reads the content of an `m.room.member` event; `undefined` when it says none that is known.
 * Source: client-server API, "m.room.member".
 */
export function readMembership(content: JsonObject): Membership | undefined {
  const membership = member(content, 'membership');
  return MEMBERSHIPS.find((known) => known === membership);
}
