import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';

/** Told when the database begins to store nothing, why, and (`undefined`) when it stores again. */
export type WatchHealth = (fault: StoreUnavailableError | undefined) => void;

/** Tells of the first of several faults alike, and of their end: a busy server has a thousand in a second. */
export class Health {
  readonly #watch: WatchHealth;
  #told: string | undefined;

  constructor(watch: WatchHealth = () => {}) {
    this.#watch = watch;
  }

  /** A commit failed. What is no fault of the database is nothing to tell. */
  failed(error: unknown): void {
    if (!(error instanceof StoreUnavailableError) || error.message === this.#told) return;
    this.#told = error.message;
    this.#watch(error);
  }

  /** A commit is on the disk. */
  stored(): void {
    if (this.#told === undefined) return;
    this.#told = undefined;
    this.#watch(undefined);
  }
}
