import { type Membership, readMembership } from '../../events/content/membership.ts';
import type { StateLookup } from '../state-lookup.ts';

/**
 * Membership of a user in some state: `leave` without a member event, and `undefined` where that event says
 * none that is known. Source: client-server API, "m.room.member".
 */
export function membershipOf(state: StateLookup, userId: string): Membership | undefined {
  const event = state('m.room.member', userId);
  return event === undefined ? 'leave' : readMembership(event.content);
}
