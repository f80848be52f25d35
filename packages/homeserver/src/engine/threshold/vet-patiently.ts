import type { EventId, JsonObject, ServerName } from '@hansa/protocol';
import { vetAll } from '../funnel/vet-all.ts';
import type { RoomName } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { ThresholdPorts } from './threshold-ports.ts';

/** A request that was lost is made again after no longer than that. */
const PAUSE_MS = 2_000;

/**
 * Checks 1 to 3 on a room that we come into. What is left out is missing from our state of the room for good: where neither a
 * server nor any of the notaries has given its keys, they are asked once more. Members whose keys nobody has are left out.
 */
export async function vetPatiently(
  ports: Pick<ThresholdPorts, 'env' | 'signatures' | 'timers'>,
  room: RoomName,
  events: readonly JsonObject[],
  notaries: readonly ServerName[],
): Promise<ReadonlyMap<EventId, Vetted>> {
  const unchecked: JsonObject[] = [];
  const vetted = await vetAll(ports, room, events, { notaries, unchecked });
  if (unchecked.length === 0) return vetted;
  await ports.timers.sleep(PAUSE_MS);
  return new Map([...vetted, ...(await vetAll(ports, room, unchecked, { notaries }))]);
}
