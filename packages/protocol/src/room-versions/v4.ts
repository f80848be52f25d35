import type { RoomVersionRules } from './rules.ts';
import { v3 } from './v3.ts';

/** Event ids that are safe in a URL path. Source: rooms/v4.md. */
export const v4: RoomVersionRules = {
  ...v3,
  id: '4',
  eventIdFormat: 'base64url',
};
