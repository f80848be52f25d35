import type { EventId, JsonObject } from '@hansa/protocol';
import { vetAll } from '../funnel/vet-all.ts';
import type { RoomName } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { ThresholdPorts } from './threshold-ports.ts';

/** Between two attempts to have the keys of servers that did not answer. */
const PAUSES_MS = [2_000, 4_000, 8_000];
/** After which no further attempt is begun: somebody waits for the room. */
const PATIENCE_MS = 45_000;

/**
 * Checks 1 to 3 on a room that we come into. What is left out is missing from our state of the room for good, so whose keys
 * could not be had at once is asked for them again. Members of a server that stays silent are left out.
 */
export async function vetPatiently(
  ports: Pick<ThresholdPorts, 'env' | 'signatures' | 'timers'>,
  room: RoomName,
  events: readonly JsonObject[],
): Promise<ReadonlyMap<EventId, Vetted>> {
  const { clock } = ports.env;
  const endsAt = clock.monotonic() + PATIENCE_MS;
  let unchecked: JsonObject[] = [];
  const vetted = new Map(await vetAll(ports, room, events, unchecked));
  for (const pauseMs of PAUSES_MS) {
    if (unchecked.length === 0 || clock.monotonic() >= endsAt) break;
    await ports.timers.sleep(pauseMs);
    const again = unchecked;
    unchecked = [];
    for (const [eventId, event] of await vetAll(ports, room, again, unchecked)) {
      vetted.set(eventId, event);
    }
  }
  return vetted;
}
