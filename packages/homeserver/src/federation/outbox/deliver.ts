import type { EventId } from '@hansa/protocol';
import type { Destination } from '@hansa/storage';
import type { OutgoingTransaction } from '../endpoints/send-transaction.ts';
import type { LanePorts } from './outbox-ports.ts';

/** One attempt at a transaction, in its turn where the server failed before or was never heard of. */
export async function deliver(
  { send, retries, strangers }: Pick<LanePorts, 'send' | 'retries' | 'strangers'>,
  { server, failures, cursor }: Destination,
  transaction: OutgoingTransaction,
  signal: AbortSignal,
): Promise<ReadonlyMap<EventId, string>> {
  const attempt = (): ReturnType<typeof send> => send(server, transaction, signal);
  if (failures > 0) return await retries.run(attempt, signal);
  return await (cursor === 0 ? strangers.run(attempt, signal) : attempt());
}
