import type { AnsweredCall, ReceivedPdus, SendTransaction } from '@hansa/homeserver';
import type { Verdict } from '@hansa/storage';

/** Told of what happens, when it has. */
export interface Measures {
  readonly answered: (call: AnsweredCall) => void;
  /** A part became durable so long after it was handed in, with events of these verdicts. */
  readonly committed: (seconds: number, verdicts: readonly Verdict[]) => void;
  /** A transaction of another server was worked on. */
  readonly received: (pdus: ReceivedPdus) => void;
  /** So many events were sent to another server, and this became of them. */
  readonly sent: (result: 'accepted' | 'refused' | 'undelivered', pdus: number) => void;
}

/** What is looked at when somebody asks. */
export interface Gauges {
  /** Servers that we have something to do with, by what is done. */
  countLanes(): Readonly<Record<string, number>>;
  countSyncWaiters(): number;
}

/** Tells what became of the events of each transaction. */
export function measureSending(
  send: SendTransaction,
  sent: Measures['sent'] | undefined,
): SendTransaction {
  if (sent === undefined) return send;
  return async (server, transaction, signal) => {
    const { pdus } = transaction.content;
    const count = Array.isArray(pdus) ? pdus.length : 0;
    try {
      const refused = await send(server, transaction, signal);
      sent('refused', refused.size);
      sent('accepted', Math.max(0, count - refused.size));
      return refused;
    } catch (error) {
      sent('undelivered', count);
      throw error;
    }
  };
}
