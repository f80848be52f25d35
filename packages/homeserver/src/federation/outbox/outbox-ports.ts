import type { Effects, Slots } from '@hansa/net';
import type { EventId, ServerName } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Log } from '../../log.ts';
import type { OutgoingTransaction } from '../endpoints/send-transaction.ts';

/** Delivers one transaction; the events that the server refused, with its words. Rejects unless it was taken. */
export type SendTransaction = (
  server: ServerName,
  transaction: OutgoingTransaction,
  signal: AbortSignal,
) => Promise<ReadonlyMap<EventId, string>>;

export interface LanePorts {
  readonly serverName: ServerName;
  readonly store: Pick<Store, 'transact'> & {
    readonly readers: Pick<Store['readers'], 'destinations'>;
  };
  readonly send: SendTransaction;
  readonly effects: Effects;
  readonly log: Log;
  /** Shared by all lanes whose server failed last time, so that the living never wait behind the dead. */
  readonly retries: Slots;
  /** Shared by all lanes whose server has never taken anything: a room can name as many of those as it likes. */
  readonly strangers: Slots;
}
