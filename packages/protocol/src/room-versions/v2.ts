import type { RoomVersionRules } from './rules.ts';
import { v1 } from './v1.ts';

/** State resolution that does not reset rooms. Source: rooms/v2.md. */
export const v2: RoomVersionRules = {
  ...v1,
  id: '2',
  stateResolution: 'v2',
};
