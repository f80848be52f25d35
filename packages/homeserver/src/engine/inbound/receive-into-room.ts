import { eventIdOf, parsePdu } from '@hansa/protocol';
import type {
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
} from '@hansa/protocol';
import { StoreUnavailableError } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendOrStage } from '../funnel/append-or-stage.ts';
import { NOT_IN_ROOM, stageEvent, type ReceiveAnswer } from '../funnel/stage-event.ts';
import { vetParsed, type Vetting } from '../funnel/vet.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { isAllowedServer } from '../resident/require-server.ts';
import type { ReceivedPdus } from '../room-engine.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { InboundPorts } from './inbound-ports.ts';

export interface Delivery {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
}

/**
 * PDUs of a room that we are in. Their signatures are checked side by side, their place is given in order, all in one
 * turn of the room.
 */
export async function receiveIntoRoom(
  ports: InboundPorts,
  delivery: Delivery,
  events: readonly JsonObject[],
): Promise<ReceivedPdus> {
  const { value: allowed } = await ports.lanes.run(delivery.roomId, (draft) =>
    isAllowedServer(ports.env, draft, delivery.origin),
  );
  const begun = await Promise.all(events.map((json) => begin(ports, delivery, json, allowed)));
  const received = new Map<EventId, ReceiveAnswer>();
  const undecided: Undecided[] = [];
  for (const { eventId, result } of begun) {
    if (eventId === undefined) continue;
    if (result.kind === 'refused') received.set(eventId, { error: result.error });
    else if (result.kind === 'known') received.set(eventId, undefined);
    else undecided.push(result);
  }
  const answers = await appendAll(ports, delivery, undecided);
  for (const [eventId, answer] of answers) received.set(eventId, answer);
  ports.poke(delivery.roomId);
  return received;
}

/** Refused, or to be appended, or to be staged because its signatures take too long to check. */
type Begun =
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'known' }
  | { readonly kind: 'vetted'; readonly pdu: Vetted }
  | { readonly kind: 'undecided'; readonly pdu: Pdu };

type Undecided = Extract<Begun, { readonly kind: 'vetted' | 'undecided' }>;

async function begin(
  ports: InboundPorts,
  { roomId, rules }: Delivery,
  json: JsonObject,
  allowed: boolean,
): Promise<{ readonly eventId: EventId | undefined; readonly result: Begun }> {
  const parsed = parsePdu(json, rules);
  if (!parsed.ok) {
    const id = eventIdOf(json, rules);
    const error = `${parsed.reason} (${parsed.rule})`;
    return { eventId: id.ok ? id.value : undefined, result: { kind: 'refused', error } };
  }
  const pdu = parsed.value;
  const { eventId } = pdu;
  if (!allowed) {
    return {
      eventId,
      result: { kind: 'refused', error: 'your server is not allowed in this room' },
    };
  }
  const stored = await ports.readers.events.find(roomId, eventId);
  if (stored?.place === 'timeline') return { eventId, result: { kind: 'known' } };
  const vetting = await soon(ports, vetParsed(pdu, ports.signatures));
  if (vetting?.ok === true) return { eventId, result: { kind: 'vetted', pdu: vetting.event } };
  if (vetting === undefined || vetting.ok === 'unavailable') {
    return { eventId, result: { kind: 'undecided', pdu } };
  }
  return { eventId, result: { kind: 'refused', error: `${vetting.reason} (${vetting.rule})` } };
}

/** The answer of the transaction does not wait for another server's keys. */
async function soon(
  { timers, env }: InboundPorts,
  vetting: Promise<Vetting>,
): Promise<Vetting | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = timers.after(env.limits.decideMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([vetting, late]);
  } finally {
    cancel();
  }
}

/** An event that makes our code throw is a bug of ours: it is parked, and its room and its origin go on. */
async function appendAll(
  { lanes, env, report }: InboundPorts,
  { roomId, origin }: Delivery,
  undecided: readonly Undecided[],
): Promise<ReadonlyMap<EventId, ReceiveAnswer>> {
  const works = undecided.map(
    (begun) =>
      (draft: RoomDraft): Promise<ReceiveAnswer> =>
        decide(env, draft, begun, origin),
  );
  const outcomes = await lanes.runTogether(roomId, works);
  const answers = new Map<EventId, ReceiveAnswer>();
  for (const [n, outcome] of outcomes.entries()) {
    const pdu = undecided[n]?.pdu;
    if (pdu === undefined) continue;
    if (outcome.status === 'fulfilled') {
      answers.set(pdu.eventId, outcome.value);
      continue;
    }
    // Nothing can be staged either; whoever sent it sends it again.
    if (outcome.reason instanceof StoreUnavailableError) throw outcome.reason;
    report(`${pdu.eventId} could not be decided on`, outcome.reason);
    const { value } = await lanes.run(roomId, (draft) => stageEvent(env, draft, pdu, origin));
    answers.set(pdu.eventId, value);
  }
  return answers;
}

async function decide(
  env: Environment,
  draft: RoomDraft,
  { kind, pdu }: Undecided,
  origin: ServerName,
): Promise<ReceiveAnswer> {
  if (draft.getHead().residence !== 'joined') return NOT_IN_ROOM;
  return kind === 'undecided'
    ? stageEvent(env, draft, pdu, origin)
    : appendOrStage(env, draft, pdu, origin);
}
