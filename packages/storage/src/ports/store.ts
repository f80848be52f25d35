import type { AccountReader, AccountWriter } from './account-store.ts';
import type {
  ClientTransactionReader,
  ClientTransactionWriter,
} from './client-transaction-store.ts';
import type { DestinationReader, DestinationWriter } from './destination-store.ts';
import type { DirectoryReader, DirectoryWriter } from './directory-store.ts';
import type { EventReader, EventWriter } from './event-store.ts';
import type { StageReader, StageWriter } from './stage-store.ts';
import type { KeyReader, KeyWriter } from './key-store.ts';
import type { MediaReader, MediaWriter } from './media-store.ts';
import type { OwnerReader, OwnerWriter } from './owner-store.ts';
import type { PositionSlot } from './position.ts';
import type { ReceiptReader, ReceiptWriter } from './receipt-store.ts';
import type { RoomReader, RoomWriter } from './room-store.ts';
import type { StateReader } from './state-store.ts';
import type { StateWriter } from './state-writer.ts';
import type { ThresholdReader, ThresholdWriter } from './threshold-store.ts';

/**
 * A database of one server. Who holds only readers cannot write; only `transact` hands out writers, and a
 * writer runs nothing: it records statements into a part that the committer executes.
 */
export interface Store {
  readonly readers: Readers;
  /** Letters and digits that this database was given at its creation: positions of another one mean nothing here. */
  readonly incarnation: string;
  /** Records a part and resolves when it is durable, with the position that it was given, if it asked for one. */
  transact(record: (writers: Writers) => void): Promise<Committed>;
  /** A number that no state timeline has had. */
  newTimeline(): number;
  close(): Promise<void>;
}

export interface Committed {
  /** The last one, where a part asked for several. */
  readonly position: number | undefined;
  /** Of slot 0; slot n has the n-th after it. */
  readonly firstPosition: number | undefined;
}

export interface Readers {
  /**
   * Reads as of one moment, where several readings have to fit each other. `read` waits for nothing but the readers that
   * it is given. It may be called again, when a connection is lost, so it changes nothing.
   */
  readonly snapshot: <T>(read: (readers: Readers) => Promise<T>) => Promise<T>;
  /** Highest position that is durable. */
  readonly position: () => Promise<number>;
  readonly owner: OwnerReader;
  readonly accounts: AccountReader;
  readonly directory: DirectoryReader;
  readonly keys: KeyReader;
  readonly destinations: DestinationReader;
  readonly events: EventReader;
  readonly states: StateReader;
  readonly rooms: RoomReader;
  readonly stage: StageReader;
  readonly thresholds: ThresholdReader;
  readonly clientTransactions: ClientTransactionReader;
  readonly receipts: ReceiptReader;
  readonly media: MediaReader;
}

export interface Writers {
  /** The next position of the sequence, given when the part commits; so many before it are left to nobody, for later. */
  readonly takePosition: (leftFree?: number) => PositionSlot;
  readonly owner: OwnerWriter;
  readonly accounts: AccountWriter;
  readonly directory: DirectoryWriter;
  readonly keys: KeyWriter;
  readonly destinations: DestinationWriter;
  readonly events: EventWriter;
  readonly states: StateWriter;
  readonly rooms: RoomWriter;
  readonly stage: StageWriter;
  readonly thresholds: ThresholdWriter;
  readonly clientTransactions: ClientTransactionWriter;
  readonly receipts: ReceiptWriter;
  readonly media: MediaWriter;
}
