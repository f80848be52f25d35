import type { RoomId, ServerName } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';
import { answerInTime } from './answer-in-time.ts';
import { appendStaged, dropStaged, type Blocked } from './append-staged.ts';
import { fetchAuthEvents } from './fetch-auth-events.ts';
import { fillGap } from './fill-gap.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { mergeForks } from './merge-forks.ts';

/**
 * Works off what a room has staged: in the order of `prev_events` as far as it goes, then what is missing is asked
 * for, one gap at a time. What nobody can give is tried again later, and forgotten at its deadline; it is not
 * rejected, as no rule has spoken.
 */
export async function workOffStage(ports: InboundPorts, roomId: RoomId): Promise<void> {
  const { rooms, thresholds, stage } = ports.readers;
  const room = await rooms.find(roomId);
  if (room?.residence !== 'joined') {
    if ((await thresholds.findJoin(roomId)) === undefined) await dropAll(ports, roomId);
    return;
  }
  for (;;) {
    const all = await stage.list(roomId, ports.env.limits.stagedInRoom);
    const blocked = await appendStaged(ports, room.rules, all);
    if (blocked.some(({ waits }) => waits) && (await mergeForks(ports, roomId))) continue;
    const gap = blocked.find((entry) => isDue(ports, entry) && isRoot(entry, blocked));
    if (gap === undefined) {
      scheduleNext(ports, roomId, blocked);
      return;
    }
    if (!(await resolveGap(ports, gap))) await deferOrDrop(ports, gap.staged);
  }
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

/** Where it waits for forks to be merged, that is heard of. */
function isDue({ env }: InboundPorts, { waits, staged }: Blocked): boolean {
  return !waits && staged.retryAt <= env.clock.now();
}

function scheduleNext(ports: InboundPorts, roomId: RoomId, blocked: readonly Blocked[]): void {
  const waiting = blocked.filter((entry) => !entry.waits && !isDue(ports, entry));
  if (waiting.length === 0) return;
  const next = Math.min(...waiting.map(({ staged }) => staged.retryAt));
  ports.pokeAfter(roomId, Math.max(1, next - ports.env.clock.now()));
}

async function deferOrDrop(ports: InboundPorts, staged: StagedPdu): Promise<void> {
  const { limits, clock } = ports.env;
  const now = clock.now();
  if (now - staged.arrivedAt >= limits.stagedForMs) {
    ports.report(`${staged.eventId} is forgotten`, 'what it needs did not come');
    await dropStaged(ports, staged);
    return;
  }
  const delay = Math.min(limits.lastRetryMs, limits.firstRetryMs * 2 ** staged.attempts);
  const { roomId, eventId } = staged;
  await ports.lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.defer(roomId, eventId, now + delay));
  });
}

async function dropAll({ lanes }: InboundPorts, roomId: RoomId): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.deleteRoom(roomId));
  });
}
