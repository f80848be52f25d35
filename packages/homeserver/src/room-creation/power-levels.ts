import type { JsonObject, RoomVersionRules, UserId } from '@hansa/protocol';
import { PRESETS, type Preset } from './presets.ts';

interface FirstLevels {
  readonly rules: RoomVersionRules;
  readonly preset: Preset;
  readonly creator: UserId;
  readonly invitees: readonly UserId[];
  /** `power_level_content_override` of the request: replaces members at the top level. */
  readonly override: JsonObject;
}

const ADMIN = 100;
const MODERATOR = 50;
/** Above `state_default` and every level that can be given out, so that only creators end a room (version 12). */
export const CREATORS_ONLY = 150;

/** First power levels of a room. Where creators stand above all levels, naming them here would be refused. */
export function firstPowerLevels(room: FirstLevels): JsonObject {
  const { rules, preset, creator, invitees, override } = room;
  const { privilegedCreators } = rules.auth;
  const trusted = PRESETS[preset].trustsInvitees ? invitees : [];
  const admins = privilegedCreators ? [] : [creator, ...trusted];
  return {
    users: Object.fromEntries(admins.map((userId) => [userId, ADMIN])),
    users_default: 0,
    events: {
      'm.room.name': MODERATOR,
      'm.room.avatar': MODERATOR,
      'm.room.canonical_alias': MODERATOR,
      'm.room.power_levels': ADMIN,
      'm.room.history_visibility': ADMIN,
      'm.room.server_acl': ADMIN,
      'm.room.encryption': ADMIN,
      'm.room.tombstone': privilegedCreators ? CREATORS_ONLY : ADMIN,
    },
    events_default: 0,
    state_default: MODERATOR,
    ban: MODERATOR,
    kick: MODERATOR,
    redact: MODERATOR,
    invite: PRESETS[preset].invite,
    notifications: { room: MODERATOR },
    ...override,
  };
}
