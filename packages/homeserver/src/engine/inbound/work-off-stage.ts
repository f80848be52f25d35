import { parsePdu } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';
import { append } from '../funnel/append.ts';
import type { Outcome } from '../funnel/outcome.ts';
import { vetParsed } from '../funnel/vet.ts';
import { inOrderOf } from '../funnel/vet-all.ts';
import { isAllowedServer } from '../resident/require-server.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { answerInTime } from './answer-in-time.ts';
import { fetchAuthEvents } from './fetch-auth-events.ts';
import { fillGap } from './fill-gap.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** A staged event with what it still lacks. */
interface Blocked {
  readonly staged: StagedPdu;
  readonly pdu: Pdu;
  readonly auth: readonly EventId[];
  readonly parents: readonly EventId[];
}

/**
 * Works off what a room has staged: in the order of `prev_events` as far as it goes, then what is missing is asked
 * for, one gap at a time. What nobody can give is tried again later, and forgotten at its deadline; it is not
 * rejected, as no rule has spoken.
 */
export async function workOffStage(ports: InboundPorts, roomId: RoomId): Promise<void> {
  const { rooms, thresholds, stage } = ports.store.readers;
  const room = await rooms.find(roomId);
  if (room?.residence !== 'joined') {
    if ((await thresholds.findJoin(roomId)) === undefined) await dropAll(ports, roomId);
    return;
  }
  for (;;) {
    const all = await stage.list(roomId, ports.env.limits.stagedInRoom);
    const blocked = await appendAll(ports, room.rules, all);
    const gap = blocked.find((entry) => isDue(ports, entry.staged) && isRoot(entry, blocked));
    if (gap === undefined) {
      scheduleNext(ports, roomId, blocked);
      return;
    }
    if (!(await resolveGap(ports, gap))) await deferOrDrop(ports, gap.staged);
  }
}

/** Tries every staged event, parents before children; answers those that lack something. */
async function appendAll(
  ports: InboundPorts,
  rules: RoomVersionRules,
  all: readonly StagedPdu[],
): Promise<readonly Blocked[]> {
  const byId = new Map<EventId, { readonly staged: StagedPdu; readonly pdu: Pdu }>();
  const entries = new Map<EventId, Pdu>();
  for (const staged of all) {
    const parsed = parsePdu(staged.json, rules);
    if (!parsed.ok) {
      await drop(ports, staged);
      continue;
    }
    byId.set(staged.eventId, { staged, pdu: parsed.value });
    entries.set(staged.eventId, parsed.value);
  }
  const blocked: Blocked[] = [];
  for (const { eventId } of inOrderOf(entries, ({ prevEvents }) => prevEvents)) {
    const entry = byId.get(eventId);
    if (entry === undefined) continue;
    const missing = await appendStaged(ports, entry.staged, entry.pdu);
    if (missing !== undefined) blocked.push({ ...entry, ...missing });
  }
  return blocked;
}

async function appendStaged(
  ports: InboundPorts,
  staged: StagedPdu,
  pdu: Pdu,
): Promise<Pick<Blocked, 'auth' | 'parents'> | undefined> {
  const { roomId, eventId } = staged;
  const vetting = await vetParsed(pdu, ports.signatures);
  if (vetting.ok === 'unavailable') return { auth: [], parents: [] };
  if (!vetting.ok) {
    await drop(ports, staged);
    return undefined;
  }
  const work = async (draft: RoomDraft): Promise<Outcome | undefined> => {
    if (draft.head?.residence !== 'joined') return undefined;
    if (!(await mayAnyBring(draft, staged.origins))) {
      draft.write(({ stage }) => stage.delete(roomId, eventId));
      return undefined;
    }
    const outcome = await append(ports.env, draft, vetting.event);
    if (outcome.kind !== 'missing') draft.write(({ stage }) => stage.delete(roomId, eventId));
    return outcome;
  };
  try {
    const { value } = await ports.lanes.run(roomId, work);
    return value?.kind === 'missing' ? { auth: value.auth, parents: value.parents } : undefined;
  } catch (error) {
    // A bug of ours, or a disk that is full: this event waits, and those after it have their turn.
    ports.report(`${eventId} could not be decided on`, error);
    return { auth: [], parents: [] };
  }
}

/** What came while we joined was held against no ACL, as we knew of none. */
async function mayAnyBring(draft: RoomDraft, origins: readonly ServerName[]): Promise<boolean> {
  for (const origin of origins) if (await isAllowedServer(draft, origin)) return true;
  return false;
}

/** What a staged parent lacks is that one's matter. */
function isRoot({ parents }: Blocked, blocked: readonly Blocked[]): boolean {
  return (
    !parents.every((id) => blocked.some(({ pdu }) => pdu.eventId === id)) || parents.length === 0
  );
}

/** Whether something has come of it. */
async function resolveGap(ports: InboundPorts, gap: Blocked): Promise<boolean> {
  for (const origin of gap.staged.origins) if (await resolveGapBy(ports, origin, gap)) return true;
  return false;
}

/** Other gaps of the room wait meanwhile, so a server has so much time and no more. */
async function resolveGapBy(
  ports: InboundPorts,
  origin: ServerName,
  { pdu, auth, parents }: Blocked,
): Promise<boolean> {
  using timed = answerInTime(ports.federation, ports.timers, ports.env.limits.gapMs);
  const { federation } = timed;
  const timedPorts = { ...ports, federation };
  const fetched = auth.length > 0 && (await fetchAuthEvents(timedPorts, origin, pdu, auth));
  const filled = parents.length > 0 && (await fillGap(timedPorts, origin, pdu));
  return fetched || filled;
}

function isDue({ env }: InboundPorts, { retryAt }: StagedPdu): boolean {
  return retryAt <= env.clock.now();
}

function scheduleNext(ports: InboundPorts, roomId: RoomId, blocked: readonly Blocked[]): void {
  const waiting = blocked.filter((entry) => !isDue(ports, entry.staged));
  if (waiting.length === 0) return;
  const next = Math.min(...waiting.map(({ staged }) => staged.retryAt));
  ports.pokeAfter(roomId, Math.max(1, next - ports.env.clock.now()));
}

async function deferOrDrop(ports: InboundPorts, staged: StagedPdu): Promise<void> {
  const { limits, clock } = ports.env;
  const now = clock.now();
  if (now - staged.arrivedAt >= limits.stagedForMs) {
    ports.report(`${staged.eventId} is forgotten`, 'what it needs did not come');
    await drop(ports, staged);
    return;
  }
  const delay = Math.min(limits.lastRetryMs, limits.firstRetryMs * 2 ** staged.attempts);
  const { roomId, eventId } = staged;
  await ports.lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.defer(roomId, eventId, now + delay));
  });
}

async function drop({ lanes }: InboundPorts, { roomId, eventId }: StagedPdu): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.delete(roomId, eventId));
  });
}

async function dropAll({ lanes }: InboundPorts, roomId: RoomId): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.deleteRoom(roomId));
  });
}
