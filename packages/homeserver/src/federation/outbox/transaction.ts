import type { Clock, Random } from '@hansa/net';
import type { JsonObject, Pdu, ServerName } from '@hansa/protocol';
import type { OutgoingTransaction } from '../endpoints/send-transaction.ts';

const ID = /^([0-9]{1,15})-/;
const RANDOM_BYTES = 6;

/** Begins with the time at which the transaction was first made, so that every attempt of it can say the same. */
export function newTransactionId(clock: Clock, random: Random): string {
  return `${clock.now()}-${Buffer.from(random.bytes(RANDOM_BYTES)).toString('hex')}`;
}

/**
 * What is sent, as a function of what is stored: a retry after a restart is equal to the first attempt, byte by byte.
 * Source: server-server API, "Transactions".
 */
export function renderTransaction(
  origin: ServerName,
  transactionId: string,
  {
    pdus = [],
    edus = [],
  }: { readonly pdus?: readonly Pdu[]; readonly edus?: readonly JsonObject[] },
): OutgoingTransaction {
  const content = {
    origin,
    origin_server_ts: Number(ID.exec(transactionId)?.[1] ?? 0),
    pdus: pdus.map((pdu) => pdu.json),
    ...(edus.length === 0 ? {} : { edus }),
  };
  return { transactionId, content };
}
