import type { ServerName } from '@hansa/protocol';
import type { Invariant } from './simulated.ts';

/**
 * Everything that is due to a server below the cursor that is kept for it, that server has answered for, and the answer
 * arrived. Of the cursors of honest servers towards honest ones; what a hostile one answers for is its own affair.
 */
export const cursorsPassNothing: Invariant = async ({ servers, ledger }) => {
  const faults: string[] = [];
  const names = new Set<string>(servers.map(({ name }) => name));
  for (const { name, disk, store } of servers) {
    for (const row of disk.all('SELECT server, cursor FROM destinations ORDER BY server')) {
      const server = row['server'] as ServerName;
      if (!names.has(server)) continue;
      const upTo = Number(row['cursor']);
      const taken = ledger.taken(name, server);
      const query = { server, after: 0, upTo, limit: 100_000 };
      for (const { pdu, position } of (await store.readers.destinations.listDue(query)).events) {
        if (taken.has(pdu.eventId)) continue;
        faults.push(
          `${name} is at ${upTo} for ${server}, which never answered for ${pdu.eventId} at ${position}`,
        );
      }
    }
  }
  return faults;
};
