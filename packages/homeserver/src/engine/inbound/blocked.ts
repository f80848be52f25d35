import type { EventId, Pdu } from '@hansa/protocol';
import type { StagedPdu } from '@hansa/storage';

/** A staged event that is staged still, with what it lacks: nothing, where it cannot be decided on now. */
export interface Blocked {
  readonly staged: StagedPdu;
  readonly pdu: Pdu;
  readonly auth: readonly EventId[];
  readonly parents: readonly EventId[];
  /** It lacks no parent, but the room has forks enough. */
  readonly waits: boolean;
}
