import type { ContentKeep, RoomVersionRules } from './rules.ts';
import { v10 } from './v10.ts';

const topLevel = new Set(v10.redaction.topLevel);
for (const key of ['origin', 'membership', 'prev_state']) topLevel.delete(key);

const content = new Map<string, ContentKeep>([
  ...v10.redaction.content,
  [
    'm.room.member',
    [['membership'], ['join_authorised_via_users_server'], ['third_party_invite', 'signed']],
  ],
  ['m.room.create', 'all'],
  [
    'm.room.power_levels',
    [
      ['ban'],
      ['events'],
      ['events_default'],
      ['invite'],
      ['kick'],
      ['redact'],
      ['state_default'],
      ['users'],
      ['users_default'],
    ],
  ],
  ['m.room.redaction', [['redacts']]],
]);

/** Redaction put in order: whole create events, `redacts` in content; the creator is the sender. Source: rooms/v11.md. */
export const v11: RoomVersionRules = {
  ...v10,
  id: '11',
  redaction: { topLevel, content },
  auth: { ...v10.auth, createNeedsCreator: false },
  redactsIn: 'content',
};
