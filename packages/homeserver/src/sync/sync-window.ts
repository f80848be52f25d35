import type { SyncFilter } from '@hansa/protocol/wire';
import type { ReceiptReader } from '@hansa/storage';
import type { Reader, Shown } from '../client-events/show-events.ts';
import type { RoomViews } from '../engine/room-views.ts';
import type { TypingNews } from '../ephemeral/index.ts';

/** One answer's bounds: everything in (since, upTo] that the viewer may see. */
export interface SyncWindow {
  readonly views: RoomViews;
  readonly viewer: Reader;
  /** Absent: the client has nothing. */
  readonly since: number | undefined;
  readonly upTo: number;
  readonly receipts: Pick<ReceiptReader, 'listInRoom'>;
  readonly typing: TypingNews;
  readonly filter: SyncFilter;
  readonly fullState: boolean;
  readonly useStateAfter: boolean;
  readonly shown: Shown;
  token(position: number): string;
  readonly nextBatch: string;
}
