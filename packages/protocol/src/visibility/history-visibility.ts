import { member, type JsonObject } from '../json/value.ts';

/** Who may see what was sent while it holds, from most to least open. */
export const HISTORY_VISIBILITIES = ['world_readable', 'shared', 'invited', 'joined'] as const;

export type HistoryVisibility = (typeof HISTORY_VISIBILITIES)[number];

/**
 * Reads the content of a room's `m.room.history_visibility` event with the empty state key, `undefined` where
 * the state holds none. Absent and unknown values are `shared`.
 * Source: client-server API, "Room History Visibility".
 */
export function readHistoryVisibility(content: JsonObject | undefined): HistoryVisibility {
  const value = content && member(content, 'history_visibility');
  return HISTORY_VISIBILITIES.find((known) => known === value) ?? 'shared';
}
