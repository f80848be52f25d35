import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import type { UserId } from '../../identifiers/brand.ts';
import { isArray, isObject, member } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { readInteger } from '../read-integer.ts';
import { isEduUser } from './edu-user.ts';

/** Updates that one EDU may bring. */
export const PRESENCE_UPDATES_MAX = 1_000;

/** Longer status messages are cut. */
export const STATUS_MESSAGE_MAX_CHARS = 1_024;

const LONGEST_AGO_MS = 2n ** 53n - 1n;
const PRESENCES = ['online', 'unavailable', 'offline'] as const;

export type Presence = (typeof PRESENCES)[number];

export interface PresenceUpdate {
  readonly userId: UserId;
  readonly presence: Presence;
  readonly statusMessage: string | undefined;
  readonly lastActiveAgoMs: number;
  readonly isCurrentlyActive: boolean;
}

/**
 * `m.presence`. Malformed updates are passed over, so that one of them costs no other. The caller checks that the users
 * are the origin's. Source: server-server API, "Presence".
 */
export function parsePresence(content: JsonObject): Parsed<readonly PresenceUpdate[]> {
  const push = member(content, 'push');
  if (!isArray(push)) return refused('EDU-4', 'm.presence: push is not a list');
  if (push.length > PRESENCE_UPDATES_MAX) {
    return refused('EDU-4', `m.presence: more than ${PRESENCE_UPDATES_MAX} updates`);
  }
  return parsed(push.map(updateOf).filter((update) => update !== undefined));
}

function updateOf(entry: JsonValue): PresenceUpdate | undefined {
  if (!isObject(entry)) return undefined;
  const userId = member(entry, 'user_id');
  const said = member(entry, 'presence');
  const presence = PRESENCES.find((known) => known === said);
  const statusMessage = member(entry, 'status_msg');
  const lastActiveAgoMs = readInteger(member(entry, 'last_active_ago'), 0n, LONGEST_AGO_MS);
  if (!isEduUser(userId) || presence === undefined || lastActiveAgoMs === undefined) {
    return undefined;
  }
  return {
    userId,
    presence,
    statusMessage: typeof statusMessage === 'string' ? cut(statusMessage) : undefined,
    lastActiveAgoMs,
    isCurrentlyActive: member(entry, 'currently_active') === true,
  };
}

function cut(text: string): string {
  return text.length <= STATUS_MESSAGE_MAX_CHARS
    ? text
    : text.slice(0, STATUS_MESSAGE_MAX_CHARS).toWellFormed();
}
