import { member } from '../../json/value.ts';
import type { StateLookup } from '../state-lookup.ts';

/**
 * Membership of a user in some state: `leave` without a member event, and `undefined` where that event says
 * none. Source: client-server API, "m.room.member".
 */
export function membershipOf(state: StateLookup, userId: string): string | undefined {
  const event = state('m.room.member', userId);
  if (event === undefined) return 'leave';
  const membership = member(event.content, 'membership');
  return typeof membership === 'string' ? membership : undefined;
}
