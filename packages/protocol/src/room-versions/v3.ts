import type { RoomVersionRules } from './rules.ts';
import { v2 } from './v2.ts';

/** An event is named by its hash, so references are plain ids; redactions leave the authorisation rules. Source: rooms/v3.md. */
export const v3: RoomVersionRules = {
  ...v2,
  id: '3',
  eventFormat: 'id',
  eventIdFormat: 'base64',
  auth: { ...v2.auth, redactionRule: false },
  eventIdDomainSigns: false,
};
