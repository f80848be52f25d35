import type { EventId, Pdu, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { append } from '../funnel/append.ts';
import { isForkTooMany, isForkTooManyStill } from '../funnel/fork-bound.ts';
import type { Vetting } from '../funnel/vet.ts';
import { inOrderOf } from '../funnel/vet-all.ts';
import { isAllowedServer } from '../resident/require-server.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Blocked } from './blocked.ts';
import { dropHistory } from './drop-history.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** Events whose signatures are under way at a time, and that one turn of the lane looks at. */
const AT_ONCE = 50;

type Lack = Pick<Blocked, 'auth' | 'parents' | 'waits'>;
type Entry = Pick<Blocked, 'staged' | 'pdu'>;

const NOTHING: Lack = { auth: [], parents: [], waits: false };

/** Tries every staged event, parents before children; answers those that it could not place. */
export async function appendStaged(
  ports: InboundPorts,
  rules: RoomVersionRules,
  all: readonly StagedPdu[],
): Promise<readonly Blocked[]> {
  const [first] = all;
  if (first === undefined) return [];
  const { roomId } = first;
  const entries = new Map<EventId, Entry>();
  const pdus = new Map<EventId, Pdu>();
  for (const staged of all) {
    await ports.env.turns.breathe();
    const parsed = await ports.staged.read(staged, rules);
    if (parsed === undefined) continue;
    if (!parsed.ok) {
      await dropStaged(ports, staged);
      continue;
    }
    entries.set(staged.eventId, { staged, pdu: parsed.value });
    pdus.set(staged.eventId, parsed.value);
  }
  const ordered: Entry[] = [];
  for (const { eventId } of inOrderOf(pdus, ({ prevEvents }) => prevEvents)) {
    const entry = entries.get(eventId);
    if (entry !== undefined) ordered.push(entry);
  }
  const blocked: Blocked[] = [];
  const open: Entry[] = [];
  // Before their signatures, as there may be many.
  for (const page of pagesOf(ordered)) {
    const { value: waiting } = await ports.lanes.run(roomId, (draft) =>
      findWaiting(ports, draft, page),
    );
    for (const entry of page) {
      const waits = waiting.has(entry);
      ports.staged.noteWaiting(entry.staged, waits);
      if (waits) blocked.push({ ...entry, ...NOTHING, waits });
      else open.push(entry);
    }
  }
  const lacking: Blocked[] = [];
  for (const page of pagesOf(open)) lacking.push(...(await appendPage(ports, page)));
  return [...blocked, ...(await dropHistory(ports, lacking))];
}

function* pagesOf<T>(all: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
}

export async function dropStaged(
  { lanes }: InboundPorts,
  { roomId, eventId }: StagedPdu,
): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.delete(roomId, eventId));
  });
}

async function findWaiting(
  { env, staged }: InboundPorts,
  draft: RoomDraft,
  page: readonly Entry[],
): Promise<ReadonlySet<Entry>> {
  const waiting = new Set<Entry>();
  if (draft.head?.residence !== 'joined') return waiting;
  for (const entry of page) {
    await env.turns.breathe();
    const { pdu } = entry;
    const waits = staged.hasWaited(entry.staged)
      ? await isForkTooManyStill(env, draft, pdu)
      : (await hasParents(draft, pdu)) && (await isForkTooMany(env, draft, pdu));
    if (waits) waiting.add(entry);
  }
  return waiting;
}

async function hasParents(draft: RoomDraft, { prevEvents }: Pdu): Promise<boolean> {
  const { floor } = draft.getHead();
  for (const eventId of prevEvents) {
    if (eventId === floor.parent) continue;
    if ((await draft.findEvent(eventId))?.after === undefined) return false;
  }
  return true;
}

async function appendPage(
  ports: InboundPorts,
  page: readonly Entry[],
): Promise<readonly Blocked[]> {
  const [first] = page;
  if (first === undefined) return [];
  const { roomId } = first.staged;
  const vettings = await Promise.all(page.map(({ staged, pdu }) => ports.staged.vet(staged, pdu)));
  const works = page.map(({ staged }, n) => async (draft: RoomDraft) => {
    const vetting = vettings[n];
    return vetting === undefined ? undefined : appendOne(ports, draft, staged, vetting);
  });
  const outcomes = await ports.lanes.runTogether(roomId, works);
  const blocked: Blocked[] = [];
  for (const [n, entry] of page.entries()) {
    const outcome = outcomes[n];
    if (outcome?.status === 'rejected') {
      // A bug of ours, or a disk that is full: this event waits, and those after it have their turn.
      ports.report(`${entry.pdu.eventId} could not be decided on`, outcome.reason);
      blocked.push({ ...entry, ...NOTHING });
    } else if (outcome?.value !== undefined) {
      blocked.push({ ...entry, ...outcome.value });
    }
  }
  return blocked;
}

/** What the event lacks; undefined where it is not staged any more. */
async function appendOne(
  { env }: InboundPorts,
  draft: RoomDraft,
  { eventId, origins }: StagedPdu,
  vetting: Vetting,
): Promise<Lack | undefined> {
  if (vetting.ok === 'unavailable') return NOTHING;
  const { roomId } = draft;
  const unstage = (): void => draft.write(({ stage }) => stage.delete(roomId, eventId));
  if (draft.head?.residence !== 'joined') return undefined;
  if (!vetting.ok || !(await mayAnyBring(env, draft, origins))) {
    unstage();
    return undefined;
  }
  const outcome = await append(env, draft, vetting.event);
  if (outcome.kind === 'missing') return { ...outcome, waits: false };
  if (outcome.kind === 'waits') return { ...NOTHING, waits: true };
  unstage();
  return undefined;
}

/** What came while we joined was held against no ACL, as we knew of none. */
export async function mayAnyBring(
  env: Pick<Environment, 'acls'>,
  draft: RoomDraft,
  origins: readonly ServerName[],
): Promise<boolean> {
  for (const origin of origins) if (await isAllowedServer(env, draft, origin)) return true;
  return false;
}
