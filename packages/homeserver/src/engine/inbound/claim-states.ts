import type { EventId, Pdu, ServerName } from '@hansa/protocol';
import { listState } from '@hansa/storage';
import type { StateRef } from '@hansa/storage';
import { append } from '../funnel/append.ts';
import type { Outcome } from '../funnel/outcome.ts';
import { putOutliers } from '../funnel/put-outliers.ts';
import { vetAll } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { appendBeside, changesTo } from '../room/append-rows.ts';
import { knownState } from '../room/known-state.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { fetchWithAuthority, orNothing } from './fetch-events.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { unknownIds } from './unknown-ids.ts';

/** Fewer unknown events than this are fetched one by one, whatever share of the state they are. */
const FEW = 20;

/** Attempts at what lacks a state that take it whole or not at all; the next one has its turn within the same hour's bound. */
const PATIENT_ATTEMPTS = 2;

interface Gap {
  readonly parents: readonly EventId[];
  /** Those that were in vain. */
  readonly attempts: number;
}

/**
 * Places an event whose parents nobody can give us, with the states after them that a server claims. Bounded: a
 * server whose word is taken too often is not asked again this hour.
 */
export async function claimStates(
  ports: InboundPorts,
  server: ServerName,
  event: Vetted,
  { parents, attempts }: Gap,
): Promise<Outcome | undefined> {
  if (!ports.claims.take(event.roomId, server)) return undefined;
  const isPatient = attempts < PATIENT_ATTEMPTS;
  const states = new Map<EventId, readonly EventId[]>();
  for (const parent of parents) {
    const state =
      (await fetchState(ports, server, event, { before: parent, and: [parent], isPatient })) ??
      // After its only parent is before the event: who came in with it knows that, and nothing of the parent.
      (event.prevEvents.length === 1
        ? await fetchState(ports, server, event, { before: event.eventId, and: [], isPatient })
        : undefined);
    if (state === undefined) return undefined;
    states.set(parent, state);
  }
  const { value } = await ports.lanes.run(event.roomId, async (draft) => {
    if (draft.head?.residence !== 'joined') return undefined;
    const claimed = new Map<EventId, StateRef>();
    for (const [parent, eventIds] of states) {
      claimed.set(parent, await claimedRef(ports, draft, eventIds));
    }
    return append(ports.env, draft, event, { claimed });
  });
  return value;
}

interface Around {
  readonly before: EventId;
  /** Not part of that state, and never left out. */
  readonly and: readonly EventId[];
  /** Whether it is to be complete. */
  readonly isPatient: boolean;
}

/**
 * The ids of the state before an event, and of others; all of them are stored by then, as outliers. Undefined where any
 * cannot be had or checked now: whom they let in would be held to be outside for good. Those that never pass are left
 * out, and in the end those whose server stays silent, or the room would stand still for us.
 */
async function fetchState(
  ports: InboundPorts,
  server: ServerName,
  { roomId, rules }: Pdu,
  { before, and, isPatient }: Around,
): Promise<readonly EventId[] | undefined> {
  const { federation, env, lanes } = ports;
  const room = { roomId, rules };
  const ids = await orNothing(() => federation.stateIds(server, roomId, before));
  if (ids === undefined) return undefined;
  const all = new Set([...ids.authChain, ...ids.state, ...and]);
  if (all.size > env.limits.fetchedState) return undefined;
  const unknown = await unknownIds(ports, roomId, [...all]);
  const wholesale = unknown.length > FEW && unknown.length * 2 > all.size;
  const whole = wholesale
    ? await orNothing(() => federation.state(server, roomId, before))
    : undefined;
  if (whole !== undefined) {
    const given = [...whole.authChain, ...whole.state];
    const vetted = await vetAll(ports, room, given, { notaries: [server] });
    await lanes.run(roomId, (draft) => putOutliers(env, draft, vetted));
  }
  const rest = await unknownIds(ports, roomId, unknown);
  const lacking: EventId[] = [];
  const fetched = await fetchWithAuthority(ports, server, room, rest, lacking);
  await lanes.run(roomId, (draft) => putOutliers(env, draft, fetched));
  const isLacking = isPatient ? lacking.length > 0 : and.some((id) => lacking.includes(id));
  return isLacking ? undefined : [...ids.state, ...and];
}

/** The claimed state after a parent, as a child of the current one. */
async function claimedRef(
  { env }: InboundPorts,
  draft: RoomDraft,
  stateAfter: readonly EventId[],
): Promise<StateRef> {
  const claimed = await knownState(draft, stateAfter);
  const { current } = draft.getHead();
  if (current === undefined) throw new Error('the room has no current state');
  const held = await listState(draft.states, current);
  return appendBeside(draft, current, changesTo(held, claimed), env.limits.timelineDepth);
}
