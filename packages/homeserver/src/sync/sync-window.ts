import type { SyncFilter } from '@hansa/protocol/wire';
import type { Reader } from '../client-events/format-event.ts';
import type { RoomViews } from '../engine/room-views.ts';

/** One answer's bounds: everything in (since, upTo] that the viewer may see. */
export interface SyncWindow {
  readonly views: RoomViews;
  readonly viewer: Reader;
  /** Absent: the client has nothing. */
  readonly since: number | undefined;
  readonly upTo: number;
  readonly filter: SyncFilter;
  readonly fullState: boolean;
  readonly useStateAfter: boolean;
  /** Milliseconds since the epoch, for `unsigned.age`. */
  readonly now: number;
  token(position: number): string;
}
