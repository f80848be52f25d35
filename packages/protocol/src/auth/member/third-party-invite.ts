import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import type { RoomEvent } from '../../events/room-event.ts';
import { isObject, type JsonObject, type JsonValue, member } from '../../json/value.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';
import { isSignedByPromised } from './third-party-signature.ts';

/** An invite, and what it says that an identity server has said. */
interface Redemption extends MembershipChange {
  /** `undefined` where there is no such object. */
  readonly signed: JsonObject | undefined;
  readonly mxid: JsonValue | undefined;
  readonly token: JsonValue | undefined;
  /** The `m.room.third_party_invite` with the token. */
  readonly promise: RoomEvent | undefined;
}

/**
 * Invite of somebody who was invited by an address, as an identity server vouches for. Nothing else about the sender
 * is asked, not even that it is joined. Source: rooms/v12.md, rule 5.4.1.
 */
export function checkThirdPartyInvite(change: MembershipChange): Decision {
  return checkRedemption(redemptionOf(change));
}

const checkRedemption = inOrder(
  checkTargetIsNotBanned,
  checkHasSigned,
  checkHasMxidAndToken,
  checkMxidIsTarget,
  checkIsPromised,
  checkSenderPromised,
  checkIsSigned,
);

function redemptionOf(change: MembershipChange): Redemption {
  const invite = member(change.event.content, 'third_party_invite');
  const value = isObject(invite) ? member(invite, 'signed') : undefined;
  const signed = isObject(value) ? value : undefined;
  const token = signed && member(signed, 'token');
  return {
    ...change,
    signed,
    mxid: signed && member(signed, 'mxid'),
    token,
    promise:
      typeof token === 'string' ? change.state('m.room.third_party_invite', token) : undefined,
  };
}

/** AUTH-5.4.1.1. */
function checkTargetIsNotBanned({ target, state }: Redemption): Decision {
  if (membershipOf(state, target) !== 'ban') return ALLOWED;
  return refused('AUTH-5.4.1.1', 'the invited user is banned');
}

/** AUTH-5.4.1.2. */
function checkHasSigned({ signed }: Redemption): Decision {
  if (signed !== undefined) return ALLOWED;
  return refused('AUTH-5.4.1.2', 'third_party_invite has no signed object');
}

/** AUTH-5.4.1.3. */
function checkHasMxidAndToken({ mxid, token }: Redemption): Decision {
  if (typeof mxid === 'string' && typeof token === 'string') return ALLOWED;
  return refused('AUTH-5.4.1.3', 'signed has no mxid and token');
}

/** AUTH-5.4.1.4. */
function checkMxidIsTarget({ mxid, target }: Redemption): Decision {
  if (mxid === target) return ALLOWED;
  return refused('AUTH-5.4.1.4', 'mxid is not the invited user');
}

/** AUTH-5.4.1.5. */
function checkIsPromised({ promise }: Redemption): Decision {
  if (promise !== undefined) return ALLOWED;
  return refused('AUTH-5.4.1.5', 'no m.room.third_party_invite has this token');
}

/** AUTH-5.4.1.6. */
function checkSenderPromised({ event, promise }: Redemption): Decision {
  if (promise?.sender === event.sender) return ALLOWED;
  return refused('AUTH-5.4.1.6', 'the sender is not the one of the m.room.third_party_invite');
}

/** AUTH-5.4.1.7, AUTH-5.4.1.8. */
function checkIsSigned({ event, signed, promise }: Redemption): Decision {
  if (signed && promise && isSignedByPromised(event, signed, promise)) return ALLOWED;
  return refused('AUTH-5.4.1.8', 'no key of the m.room.third_party_invite signed this');
}
