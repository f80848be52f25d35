import type { RoomVersionRules } from './rules.ts';
import { v9 } from './v9.ts';

/** Knocking on restricted rooms; power levels are integers. Source: rooms/v10.md. */
export const v10: RoomVersionRules = {
  ...v9,
  id: '10',
  auth: { ...v9.auth, integerLevelsOnly: true, knockRestricted: true },
};
