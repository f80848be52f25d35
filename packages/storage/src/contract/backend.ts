import type { Store } from '../ports/store.ts';

/** A database that the contract is held against. */
export interface Backend {
  readonly name: string;
  open(): Promise<OpenBackend>;
}

export interface OpenBackend {
  readonly store: Store;
  /** Closes the store and opens the same database again, as a new process would. */
  reopen(): Promise<OpenBackend>;
  /** Closes and removes it. */
  dispose(): Promise<void>;
}
