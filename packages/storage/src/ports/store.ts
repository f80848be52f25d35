import type { AccountReader, AccountWriter } from './account-store.ts';
import type { DestinationReader, DestinationWriter } from './destination-store.ts';
import type { DirectoryReader, DirectoryWriter } from './directory-store.ts';
import type { KeyReader, KeyWriter } from './key-store.ts';

/**
 * A database of one server. Who holds only readers cannot write; only `transact` hands out writers, and a
 * writer runs nothing: it records statements into a part that the committer executes.
 */
export interface Store {
  readonly readers: Readers;
  /** Records a part and resolves when it is durable, with the position that it was given, if it asked for one. */
  transact(record: (writers: Writers) => void): Promise<Committed>;
  close(): Promise<void>;
}

export interface Committed {
  readonly position: number | undefined;
}

export interface Readers {
  readonly accounts: AccountReader;
  readonly directory: DirectoryReader;
  readonly keys: KeyReader;
  readonly destinations: DestinationReader;
}

export interface Writers {
  readonly accounts: AccountWriter;
  readonly directory: DirectoryWriter;
  readonly keys: KeyWriter;
  readonly destinations: DestinationWriter;
}
