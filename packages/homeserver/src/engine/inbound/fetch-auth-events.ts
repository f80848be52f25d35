import type { EventId, Pdu, ServerName } from '@hansa/protocol';
import { putOutliers } from '../funnel/put-outliers.ts';
import { fetchWithAuthority } from './fetch-events.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** Fetches what an event names as its authority, and stores it as outliers. Answers whether that has brought
 * any of what was missing. */
export async function fetchAuthEvents(
  ports: InboundPorts,
  server: ServerName,
  { roomId, rules }: Pdu,
  missing: readonly EventId[],
): Promise<boolean> {
  const fetched = await fetchWithAuthority(ports, server, { roomId, rules }, missing);
  if (fetched.size === 0) return false;
  await ports.lanes.run(roomId, (draft) => putOutliers(ports.env, draft, fetched));
  return (await ports.readers.events.findMany(roomId, missing)).length > 0;
}
