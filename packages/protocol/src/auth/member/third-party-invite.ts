import { ALLOWED, type Decision, refused } from '../../decision.ts';
import { isObject, member } from '../../json/value.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';
import { isSignedByAny } from './third-party-signature.ts';
import { thirdPartyKeysOf } from './third-party-keys.ts';

/**
 * Invite of somebody who was invited by an address, as an identity server vouches for. Nothing else about the sender
 * is asked, not even that it is joined. Source: rooms/v12.md, rule 5.4.1.
 */
export function checkThirdPartyInvite({ event, target, state }: MembershipChange): Decision {
  if (membershipOf(state, target) === 'ban') {
    return refused('AUTH-5.4.1.1', 'the invited user is banned');
  }
  const invite = member(event.content, 'third_party_invite');
  const signed = isObject(invite) ? member(invite, 'signed') : undefined;
  if (!isObject(signed)) return refused('AUTH-5.4.1.2', 'third_party_invite has no signed object');
  const mxid = member(signed, 'mxid');
  const token = member(signed, 'token');
  if (typeof mxid !== 'string' || typeof token !== 'string') {
    return refused('AUTH-5.4.1.3', 'signed has no mxid and token');
  }
  if (mxid !== target) return refused('AUTH-5.4.1.4', 'mxid is not the invited user');
  const promise = state('m.room.third_party_invite', token);
  if (promise === undefined) {
    return refused('AUTH-5.4.1.5', 'no m.room.third_party_invite has this token');
  }
  if (promise.sender !== event.sender) {
    return refused('AUTH-5.4.1.6', 'the sender is not the one of the m.room.third_party_invite');
  }
  if (isSignedByAny(signed, thirdPartyKeysOf(promise.content))) return ALLOWED;
  return refused('AUTH-5.4.1.8', 'no key of the m.room.third_party_invite signed this');
}
