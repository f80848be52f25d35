import type { EventId, Pdu, RoomId, RoomVersionRules, UserId } from '@hansa/protocol';

/** Of nobody: the domain is reserved for that (RFC 2606). */
const NOBODY = '@nobody:invalid' as UserId;

/** What stands for an event of which only the id can be told: it says nothing and names nothing. */
export function quarantinedPdu(roomId: RoomId, eventId: EventId, rules: RoomVersionRules): Pdu {
  return {
    eventId,
    roomId,
    rules,
    type: '',
    sender: NOBODY,
    stateKey: undefined,
    content: {},
    redacts: undefined,
    depth: 0,
    originServerTs: 0,
    authEvents: [],
    prevEvents: [],
    json: {},
  };
}
