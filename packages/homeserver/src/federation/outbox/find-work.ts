import type { ServerName } from '@hansa/protocol';
import type { Destination, DueEvents } from '@hansa/storage';
import type { LanePorts } from './outbox-ports.ts';
import { newTransactionId } from './transaction.ts';

/** Source: server-server API, "Transactions". */
const MAX_PDUS = 50;

type Attempt = NonNullable<Destination['attempt']>;

/** A transaction: what is stored of it where it fails, and the events that follow from that. */
export interface Work {
  readonly attempt: Attempt;
  readonly events: DueEvents['events'];
  /** Nothing more was due when it was put together. */
  readonly isAll: boolean;
}

type WorkPorts = Pick<LanePorts, 'store' | 'effects'>;

/** A new transaction of what is due above `after`; `undefined` where nothing is. */
export async function findWork(
  { store, effects }: WorkPorts,
  server: ServerName,
  after: number,
): Promise<Work | undefined> {
  const query = { server, after, limit: MAX_PDUS };
  const { events, upTo, isAll } = await store.readers.destinations.listDue(query);
  if (events.length === 0) return undefined;
  const transactionId = newTransactionId(effects.clock, effects.random);
  return { attempt: { transactionId, upTo }, events, isAll };
}

/** An attempt that failed again: the same events as before. */
export async function loadWork(
  { store }: Pick<WorkPorts, 'store'>,
  { server, cursor }: Pick<Destination, 'server' | 'cursor'>,
  attempt: Attempt,
): Promise<Work> {
  const query = { server, after: cursor, upTo: attempt.upTo, limit: MAX_PDUS };
  const { events, isAll } = await store.readers.destinations.listDue(query);
  return { attempt, events, isAll };
}
