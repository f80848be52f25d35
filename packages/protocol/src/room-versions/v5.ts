import type { RoomVersionRules } from './rules.ts';
import { v4 } from './v4.ts';

/** Signing keys must be valid at the time that an event claims. Source: rooms/v5.md. */
export const v5: RoomVersionRules = {
  ...v4,
  id: '5',
  enforceKeyValidity: true,
};
