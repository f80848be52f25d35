import type { ContentKeep, RoomVersionRules } from './rules.ts';
import { v5 } from './v5.ts';

const content = new Map<string, ContentKeep>(v5.redaction.content);
content.delete('m.room.aliases');

/** Canonical JSON enforced, `m.room.aliases` an event like any other. Source: rooms/v6.md. */
export const v6: RoomVersionRules = {
  ...v5,
  id: '6',
  strictCanonicalJson: true,
  depthLimit: 2n ** 53n - 1n,
  redaction: { ...v5.redaction, content },
  auth: { ...v5.auth, aliasesRule: false, notificationLevels: true },
};
