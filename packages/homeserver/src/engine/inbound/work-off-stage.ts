import type { RoomId, ServerName } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';
import { appendStaged } from './append-staged.ts';
import { bringMerged } from './bring-merged.ts';
import { closeGaps } from './close-gaps.ts';
import { GapTurns } from './gap-turns.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { mergeForks } from './merge-forks.ts';

/**
 * Works off what a room has staged: in the order of `prev_events` as far as it goes, then what is missing is asked
 * for, one gap at a time. What nobody can give is tried again later, and forgotten at its deadline; it is not
 * rejected, as no rule has spoken.
 */
export async function workOffStage(ports: InboundPorts, roomId: RoomId): Promise<void> {
  const { rooms, thresholds } = ports.readers;
  const room = await rooms.find(roomId);
  if (room?.residence !== 'joined') {
    if ((await thresholds.findJoin(roomId)) === undefined) await dropAll(ports, roomId);
    return;
  }
  const joined = await rooms.countJoined(roomId);
  const { env } = ports;
  const turns = new GapTurns(env.serverName, new Set(joined.keys()), env.limits.gapMs);
  const failing = new Set<ServerName>();
  for (;;) {
    const all = await listAll(ports, roomId);
    const blocked = await appendStaged(ports, room.rules, all);
    if (blocked.some(({ waits }) => waits) && (await mergeForks(ports, roomId))) continue;
    if (await bringMerged(ports, failing, blocked)) continue;
    if (!(await closeGaps(ports, turns, blocked))) break;
  }
  scheduleNext(ports, await listAll(ports, roomId));
}

/** What lets events into the stage bounds their number. */
async function listAll(
  { readers: { stage } }: InboundPorts,
  roomId: RoomId,
): Promise<readonly StagedPdu[]> {
  return stage.list(roomId, await stage.count(roomId));
}

/** Where something waits for forks to be merged, or for what is staged with it, that is heard of. */
function scheduleNext(ports: InboundPorts, all: readonly StagedPdu[]): void {
  const [first] = all;
  const now = ports.env.clock.now();
  const next = all.map(({ retryAt }) => retryAt).filter((retryAt) => retryAt > now);
  if (first === undefined || next.length === 0) return;
  const soonest = next.reduce((a, b) => Math.min(a, b));
  ports.pokeAfter(first.roomId, soonest - now);
}

async function dropAll({ lanes }: InboundPorts, roomId: RoomId): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => stage.deleteRoom(roomId));
  });
}
