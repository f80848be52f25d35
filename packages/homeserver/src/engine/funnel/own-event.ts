import {
  authEventKeys,
  buildEvent,
  encodeBase64,
  hashAndSignEvent,
  parsePdu,
  referenceHash,
} from '@hansa/protocol';
import type { EventId, EventTemplate, JsonObject, UserId } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import { badJson, tooLarge } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { chooseParents } from './choose-parents.ts';
import { newEventId } from './new-event-id.ts';
import { stateBefore } from './state-before.ts';
import { asVetted, type Vetted } from './vetted.ts';

/** What an event of ours says; everything else follows from the room. */
export interface OwnEvent {
  readonly type: string;
  readonly stateKey?: string | undefined;
  readonly sender: UserId;
  readonly content: JsonObject;
  readonly redacts?: EventId | undefined;
}

/** The unsigned event at the room's present end. */
export async function templateAtEnd(
  env: Environment,
  draft: RoomDraft,
  event: OwnEvent,
): Promise<EventTemplate> {
  const parents = chooseParents(draft.getHead().extremities, env.limits.namedExtremities);
  const after = parents.map(([, extremity]) => extremity.after);
  const prevEvents = parents.map(([eventId]) => eventId);
  const before = await stateBefore(env, draft, prevEvents, after);
  const authEvents = await selectAuthEvents(draft, event, before);
  const deepest = Math.max(0, ...parents.map(([, { depth }]) => depth));
  return {
    ...event,
    roomId: draft.roomId,
    prevEvents,
    authEvents,
    depth: deepest + 1,
    originServerTs: env.clock.now(),
    referenceHashes: await hashesFor(draft, [...prevEvents, ...authEvents]),
  };
}

/** The event, built, hashed and signed by us: it passes checks 1 to 3 because we made it so. */
export function signOwn(env: Environment, rules: Vetted['rules'], template: EventTemplate): Vetted {
  const eventId = rules.eventIdFormat === 'given' ? newEventId(env) : undefined;
  const json = buildEvent({ ...template, eventId }, rules);
  const signed = hashAndSignEvent(json, rules, env.serverName, env.signingKey);
  const pdu = parsePdu(signed, rules);
  if (pdu.ok) return asVetted(pdu.value);
  throw pdu.rule.startsWith('SIZE-') ? tooLarge(pdu.reason) : badJson(pdu.reason);
}

async function selectAuthEvents(
  draft: RoomDraft,
  event: OwnEvent,
  before: StateRef,
): Promise<readonly EventId[]> {
  const subject = { ...event, stateKey: event.stateKey };
  const keys = authEventKeys(subject, draft.rules);
  const found = await draft.states.findEvents(before, keys);
  return found.filter((eventId) => eventId !== undefined);
}

/** Versions 1 and 2 name events together with their hashes. */
async function hashesFor(
  draft: RoomDraft,
  eventIds: readonly EventId[],
): Promise<ReadonlyMap<EventId, string> | undefined> {
  if (draft.rules.eventFormat === 'id') return undefined;
  const hashes = new Map<EventId, string>();
  for (const eventId of eventIds) {
    const { pdu } = await draft.getEvent(eventId);
    hashes.set(eventId, encodeBase64(referenceHash(pdu.json, pdu.rules)));
  }
  return hashes;
}
