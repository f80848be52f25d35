import { serverOf } from '@hansa/protocol';
import type { EventId, ServerName } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';
import { answerInTime } from './answer-in-time.ts';
import type { Blocked } from './blocked.ts';
import { deferOrDrop, isDue } from './defer-staged.ts';
import { fetchAuthEvents } from './fetch-auth-events.ts';
import { fillGap } from './fill-gap.ts';
import type { GapTurns } from './gap-turns.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** After a turn that took as long, what has come meanwhile is looked at first. */
const LONG_TURN_MS = 1_000;

/**
 * Asks for what staged events lack, one gap at a time, the servers that brought them in turn. Answers whether the
 * stage is to be listed anew: as soon as something has come of it, and not for each gap that nobody closes.
 */
export async function closeGaps(
  ports: InboundPorts,
  turns: GapTurns,
  blocked: readonly Blocked[],
): Promise<boolean> {
  const gaps = rootsOf(blocked).filter(({ staged }) => isDue(ports, staged));
  const queues = turns.queuesOf(gaps);
  const failed: StagedPdu[] = [];
  for (;;) {
    const queue = turns.next(queues);
    const gap = queue?.shift();
    if (queue === undefined || gap === undefined) return deferOrDrop(ports, failed);
    const began = ports.env.clock.monotonic();
    const isClosed = await closeGap(ports, turns, gap);
    if (!isClosed) failed.push(gap.staged);
    const isLong = ports.env.clock.monotonic() - began >= LONG_TURN_MS;
    if (!isClosed && turns.isSpent(gap)) {
      for (const { staged } of queue.splice(0)) failed.push(staged);
    }
    if (isClosed || isLong) {
      await deferOrDrop(ports, failed);
      return true;
    }
  }
}

/** What a staged parent lacks is that one's matter, unless others have brought what follows it: they may know more. */
function rootsOf(blocked: readonly Blocked[]): readonly Blocked[] {
  const held = new Map<EventId, Blocked>(blocked.map((entry) => [entry.pdu.eventId, entry]));
  const isAskedFor = (eventId: EventId, { origins }: StagedPdu): boolean => {
    const parent = held.get(eventId);
    if (parent === undefined) return false;
    return parent.waits || origins.every((origin) => parent.staged.origins.includes(origin));
  };
  return blocked.filter(
    ({ waits, parents, staged }) =>
      !waits && (parents.length === 0 || !parents.every((eventId) => isAskedFor(eventId, staged))),
  );
}

/** Whether something has come of it. */
async function closeGap(ports: InboundPorts, turns: GapTurns, gap: Blocked): Promise<boolean> {
  for (const server of serversFor(turns, gap)) {
    const leftMs = turns.leftMs(server);
    if (leftMs <= 0) continue;
    const began = ports.env.clock.monotonic();
    const isClosed = await closeGapBy(ports, server, gap, leftMs);
    turns.spend(server, ports.env.clock.monotonic() - began);
    if (isClosed) return true;
  }
  return false;
}

/**
 * Those that brought it, and the one whose event it is, as others may have been faster to bring it; where they were of no
 * help, somebody else.
 */
function serversFor(turns: GapTurns, { staged, pdu }: Blocked): ReadonlySet<ServerName> {
  const servers = new Set(staged.origins);
  const sender = serverOf(pdu.sender);
  if (turns.isInRoom(sender)) servers.add(sender);
  const witness = turns.witnessAt(staged.attempts);
  if (witness !== undefined) servers.add(witness);
  return servers;
}

async function closeGapBy(
  ports: InboundPorts,
  server: ServerName,
  { pdu, staged, auth, parents }: Blocked,
  limitMs: number,
): Promise<boolean> {
  using timed = answerInTime(ports.federation, ports.timers, limitMs);
  const { federation } = timed;
  const timedPorts = { ...ports, federation };
  const fetched = auth.length > 0 && (await fetchAuthEvents(timedPorts, server, pdu, auth));
  const { attempts } = staged;
  const filled = parents.length > 0 && (await fillGap(timedPorts, server, pdu, attempts));
  return fetched || filled;
}
