import type { JsonObject } from './json.ts';
import type { ClientEvent } from './client-event.ts';
import type { StrippedStateEvent } from './stripped-state-event.ts';

/** Answer of `GET /sync`. Source: client-server API, "Syncing". */
export type SyncResponse = {
  readonly next_batch: string;
  readonly rooms?: SyncRooms;
  readonly presence?: EventBatch;
  readonly account_data?: EventBatch;
  readonly to_device?: EventBatch;
  readonly device_lists?: {
    readonly changed?: readonly string[];
    readonly left?: readonly string[];
  };
  readonly device_one_time_keys_count?: { readonly [algorithm: string]: number };
  readonly device_unused_fallback_key_types?: readonly string[];
};

/** Rooms by id. */
export type SyncRooms = {
  readonly join?: { readonly [roomId: string]: SyncJoinedRoom };
  readonly invite?: { readonly [roomId: string]: { readonly invite_state: StrippedStateBatch } };
  readonly knock?: { readonly [roomId: string]: { readonly knock_state: StrippedStateBatch } };
  readonly leave?: { readonly [roomId: string]: SyncLeftRoom };
};

export type SyncLeftRoom = {
  readonly timeline?: SyncTimeline;
  /** State up to the start of the timeline; never beside `state_after`. */
  readonly state?: ClientEventBatch;
  /** State up to the end of the timeline, where the request asked for it so. */
  readonly state_after?: ClientEventBatch;
  readonly account_data?: EventBatch;
};

export type SyncJoinedRoom = SyncLeftRoom & {
  readonly summary?: SyncRoomSummary;
  readonly ephemeral?: EventBatch;
  readonly unread_notifications?: UnreadCounts;
  readonly unread_thread_notifications?: { readonly [threadRoot: string]: UnreadCounts };
};

export type SyncTimeline = {
  readonly events: readonly ClientEvent[];
  /** Events were left out between `prev_batch` and the first one here. */
  readonly limited?: boolean;
  readonly prev_batch?: string;
};

/** What names a room that has no name; members are left out when they have not changed. */
export type SyncRoomSummary = {
  readonly 'm.heroes'?: readonly string[];
  readonly 'm.joined_member_count'?: number;
  readonly 'm.invited_member_count'?: number;
};

export type UnreadCounts = {
  readonly highlight_count?: number;
  readonly notification_count?: number;
};

export type ClientEventBatch = { readonly events: readonly ClientEvent[] };

export type StrippedStateBatch = { readonly events: readonly StrippedStateEvent[] };

/** Events that are no part of a room's history: account data, typing, receipts, presence, to-device messages. */
export type EventBatch = {
  readonly events: readonly {
    readonly type: string;
    readonly content: JsonObject;
    readonly sender?: string;
  }[];
};
