import type { ContentKeep, RoomVersionRules } from './rules.ts';
import { v7 } from './v7.ts';

const content = new Map<string, ContentKeep>([
  ...v7.redaction.content,
  ['m.room.join_rules', [['join_rule'], ['allow']]],
]);

/** Restricted joins. Source: rooms/v8.md. */
export const v8: RoomVersionRules = {
  ...v7,
  id: '8',
  redaction: { ...v7.redaction, content },
  auth: { ...v7.auth, restricted: true },
};
