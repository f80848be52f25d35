import {
  ALLOWED,
  authEventKeys,
  checkAuth,
  checkStateRules,
  createEventIdOf,
  StateMap,
} from '@hansa/protocol';
import type {
  AuthEvent,
  AuthEventSubject,
  Decision,
  EventId,
  Pdu,
  RoomEvent,
  StateLookup,
} from '@hansa/protocol';
import type { StateKey, StateRef } from '@hansa/storage';
import { isRejected } from '../room/known-event.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** Auth events that are not known here: to be fetched, before anything can be said. */
export interface MissingAuth {
  readonly ok: 'missing';
  readonly missing: readonly EventId[];
}

/** Check 4: what the event names as its authority is of the right kind, was accepted, and allows it. */
export async function checkAuthChain(draft: RoomDraft, pdu: Pdu): Promise<Decision | MissingAuth> {
  const missing: EventId[] = [];
  const find = async (eventId: EventId): Promise<AuthEvent | undefined> => {
    const known = await draft.findEvent(eventId);
    if (known === undefined) missing.push(eventId);
    return known && { event: known.pdu, rejected: isRejected(known) };
  };
  const authEvents: AuthEvent[] = [];
  for (const eventId of pdu.authEvents) {
    const authEvent = await find(eventId);
    if (authEvent !== undefined) authEvents.push(authEvent);
  }
  const impliedId = impliedCreate(pdu);
  const create = impliedId === undefined ? undefined : await find(impliedId);
  if (missing.length > 0) return { ok: 'missing', missing };
  return checkAuth(pdu, pdu.rules, authEvents, create);
}

/** Checks 5 and 6: a state allows the event. */
export async function checkState(
  draft: RoomDraft,
  event: RoomEvent,
  state: StateRef,
): Promise<Decision> {
  if (event.type === 'm.room.create') return ALLOWED;
  return checkStateRules(event, draft.rules, await lookUpState(draft, state, event));
}

/** The part of a state that decides about an event. */
export function authorityKeys(
  { rules }: RoomDraft,
  subject: AuthEventSubject,
): readonly StateKey[] {
  return [...authEventKeys(subject, rules), CREATE];
}

async function lookUpState(
  draft: RoomDraft,
  state: StateRef,
  subject: AuthEventSubject,
): Promise<StateLookup> {
  return lookUpKeys(draft, state, authorityKeys(draft, subject));
}

export async function lookUpKeys(
  draft: RoomDraft,
  state: StateRef,
  keys: readonly StateKey[],
): Promise<StateLookup> {
  const eventIds = await draft.states.findEvents(state, keys);
  const found = new StateMap<RoomEvent>();
  for (const [n, [type, stateKey]] of keys.entries()) {
    const eventId = eventIds[n];
    if (eventId === undefined) continue;
    const { verdict, pdu } = await draft.getEvent(eventId);
    // Without it the room would be open to all, for its default powers.
    if (verdict === 'quarantined') throw new Error(`${type} of the room cannot be read`);
    found.set(type, stateKey, pdu);
  }
  return (type, stateKey) => found.get(type, stateKey);
}

const CREATE: StateKey = ['m.room.create', ''];

/** Everything that has to be known before check 4: the auth events, and the create event where none names it. */
export function authorityOf(pdu: Pdu): readonly EventId[] {
  const create = impliedCreate(pdu);
  return create === undefined ? pdu.authEvents : [...pdu.authEvents, create];
}

/** The create event that the room id is made of, in versions where no event names it. */
function impliedCreate({ type, roomId, rules }: Pdu): EventId | undefined {
  if (type === 'm.room.create' || rules.roomIdFormat !== 'create-event-hash') return undefined;
  return createEventIdOf(roomId);
}
