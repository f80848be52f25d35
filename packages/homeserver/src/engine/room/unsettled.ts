import type { StateMap } from '@hansa/protocol';
import type { RowChange } from './tip-differences.ts';

/** A room's current state that is still to be resolved from its extremities. */
export interface Unsettled {
  /** Keys on which an extremity's state differs from the current one: what resolution may change. */
  readonly keys: StateMap<unknown>;
  /** What was put onto the main timeline meanwhile, and may be taken back. */
  readonly moved: readonly RowChange[];
  readonly settle: () => Promise<void>;
}
