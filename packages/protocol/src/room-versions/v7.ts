import type { RoomVersionRules } from './rules.ts';
import { v6 } from './v6.ts';

/** Knocking. Source: rooms/v7.md. */
export const v7: RoomVersionRules = {
  ...v6,
  id: '7',
  auth: { ...v6.auth, knock: true },
};
