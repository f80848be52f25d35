import type { EventId, Refused } from '@hansa/protocol';
import type { Position } from '@hansa/storage';
import type { KnownEvent } from '../room/known-event.ts';

/** What became of an event at the end of the funnel. */
export type Outcome =
  | { readonly kind: 'known'; readonly event: KnownEvent }
  | {
      readonly kind: 'missing';
      readonly auth: readonly EventId[];
      readonly parents: readonly EventId[];
    }
  /** The room has forks enough; see `isForkTooMany`. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'refused'; readonly refusal: Refused }
  /** What was decided right before it has taken us out of the room. */
  | { readonly kind: 'left' }
  | Placed;

export interface Placed {
  readonly kind: 'appended';
  readonly event: KnownEvent;
  /** Where it is seen; undefined where it is hidden, or held. */
  readonly position: Position | undefined;
}
