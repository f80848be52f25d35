import { eventIdOf, parsePdu } from '@hansa/protocol';
import type {
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
} from '@hansa/protocol';
import { append } from '../funnel/append.ts';
import { vetParsed, type Vetting } from '../funnel/vet.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { isAllowedServer } from '../resident/require-server.ts';
import type { ReceivedPdus } from '../room-engine.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { NOT_IN_ROOM, stageEvent, type ReceiveAnswer } from './stage-event.ts';

export interface Delivery {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
}

/** PDUs of a room that we are in. Their signatures are checked side by side, their place is given in order. */
export async function receiveIntoRoom(
  ports: InboundPorts,
  delivery: Delivery,
  events: readonly JsonObject[],
): Promise<ReceivedPdus> {
  const { value: allowed } = await ports.lanes.run(delivery.roomId, (draft) =>
    isAllowedServer(draft, delivery.origin),
  );
  const vetting = events.map((json) => heard(begin(ports, delivery, json, allowed)));
  const received = new Map<EventId, ReceiveAnswer>();
  const answers: Promise<void>[] = [];
  for (const begun of vetting) {
    const { eventId, result } = await begun;
    if (eventId === undefined) continue;
    const answered = settle(ports, delivery, result).then((answer) => {
      received.set(eventId, answer);
    });
    answers.push(heard(answered));
  }
  await Promise.all(answers);
  ports.poke(delivery.roomId);
  return received;
}

/** It is awaited, but others before it: that it fails meanwhile must not end the process. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Refused, or to be appended, or to be staged because its signatures take too long to check. */
type Begun =
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'known' }
  | { readonly kind: 'vetted'; readonly event: Vetted }
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
  const stored = await ports.store.readers.events.find(roomId, eventId);
  if (stored?.place === 'timeline') return { eventId, result: { kind: 'known' } };
  const vetting = await soon(ports, vetParsed(pdu, ports.signatures));
  if (vetting?.ok === true) return { eventId, result: { kind: 'vetted', event: vetting.event } };
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

async function settle(
  ports: InboundPorts,
  delivery: Delivery,
  begun: Begun,
): Promise<ReceiveAnswer> {
  switch (begun.kind) {
    case 'refused':
      return { error: begun.error };
    case 'known':
      return undefined;
    case 'undecided':
    case 'vetted': {
      return appendOrPark(ports, delivery, begun);
    }
  }
}

/** An event that makes our code throw is a bug of ours: it is parked, and its room and its origin go on. */
async function appendOrPark(
  ports: InboundPorts,
  delivery: Delivery,
  begun: Undecided,
): Promise<ReceiveAnswer> {
  const { lanes } = ports;
  try {
    const { value } = await lanes.run(delivery.roomId, (draft) =>
      appendOrStage(ports, draft, delivery, begun),
    );
    return value;
  } catch (error) {
    const pdu = begun.kind === 'vetted' ? begun.event : begun.pdu;
    ports.report(`${pdu.eventId} could not be decided on`, error);
    const { value } = await lanes.run(delivery.roomId, (draft) =>
      stageEvent(ports.env, draft, pdu, delivery.origin),
    );
    return value;
  }
}

async function appendOrStage(
  { env }: InboundPorts,
  draft: RoomDraft,
  { origin }: Delivery,
  begun: Undecided,
): Promise<ReceiveAnswer> {
  if (draft.getHead().residence !== 'joined') return NOT_IN_ROOM;
  if (begun.kind === 'undecided') return stageEvent(env, draft, begun.pdu, origin);
  const outcome = await append(env, draft, begun.event);
  switch (outcome.kind) {
    case 'missing':
      return stageEvent(env, draft, begun.event, origin);
    case 'appended': {
      const { eventId } = begun.event;
      draft.write((writers) => writers.stage.delete(draft.roomId, eventId));
      const { verdict, rule } = outcome.event;
      return verdict === 'rejected' ? { error: `rejected by ${rule ?? 'a rule'}` } : undefined;
    }
    case 'known':
    case 'refused':
      return undefined;
  }
}
