import type { ContentKeep, RoomVersionRules } from './rules.ts';
import { v8 } from './v8.ts';

const content = new Map<string, ContentKeep>([
  ...v8.redaction.content,
  ['m.room.member', [['membership'], ['join_authorised_via_users_server']]],
]);

/** A redacted restricted join stays an authorised one. Source: rooms/v9.md. */
export const v9: RoomVersionRules = {
  ...v8,
  id: '9',
  redaction: { ...v8.redaction, content },
};
