import { doublingMs } from '@hansa/net';
import type { StagedPdu } from '@hansa/storage';
import type { InboundPorts } from './inbound-ports.ts';

/** Whether it is time to try once more. */
export function isDue({ env }: InboundPorts, { retryAt }: StagedPdu): boolean {
  return retryAt <= env.clock.now();
}

/**
 * Staged events that could not be helped are tried again later, and forgotten at their deadline. Answers whether any
 * were forgotten: what they were the parents of may be helped now.
 */
export async function deferOrDrop(
  ports: InboundPorts,
  all: readonly StagedPdu[],
): Promise<boolean> {
  const [first] = all;
  if (first === undefined) return false;
  const { limits, clock } = ports.env;
  const { roomId } = first;
  const now = clock.now();
  const retries = { firstMs: limits.firstRetryMs, longestMs: limits.lastRetryMs };
  const isOver = ({ arrivedAt }: StagedPdu): boolean => now - arrivedAt >= limits.stagedForMs;
  const over = all.filter(isOver);
  for (const { eventId } of over) {
    ports.report(`${eventId} is forgotten`, 'what it needs did not come');
  }
  await ports.lanes.run(roomId, async (draft) => {
    draft.write(({ stage }) => {
      for (const { eventId } of over) stage.delete(roomId, eventId);
      for (const staged of all) {
        if (isOver(staged)) continue;
        const attempts = staged.attempts + 1;
        const retryAt = now + doublingMs(attempts, retries);
        stage.defer(roomId, staged.eventId, { retryAt, attempts });
      }
    });
  });
  return over.length > 0;
}
