import type { AuthRules, ContentKeep, RedactionRules, RoomVersionRules } from './rules.ts';

const redaction: RedactionRules = {
  topLevel: new Set([
    'event_id',
    'type',
    'room_id',
    'sender',
    'state_key',
    'content',
    'hashes',
    'signatures',
    'depth',
    'prev_events',
    'prev_state',
    'auth_events',
    'origin',
    'origin_server_ts',
    'membership',
  ]),
  content: new Map<string, ContentKeep>([
    ['m.room.member', [['membership']]],
    ['m.room.create', [['creator']]],
    ['m.room.join_rules', [['join_rule']]],
    [
      'm.room.power_levels',
      [
        ['ban'],
        ['events'],
        ['events_default'],
        ['kick'],
        ['redact'],
        ['state_default'],
        ['users'],
        ['users_default'],
      ],
    ],
    ['m.room.aliases', [['aliases']]],
    ['m.room.history_visibility', [['history_visibility']]],
  ]),
};

const auth: AuthRules = {
  createNeedsCreator: true,
  aliasesRule: true,
  redactionRule: true,
  notificationLevels: false,
  integerLevelsOnly: false,
  knock: false,
  restricted: false,
  knockRestricted: false,
  privilegedCreators: false,
};

/** The first version: rooms/v1.md. Every other row is a difference to the row before it. */
export const v1: RoomVersionRules = {
  id: '1',
  eventFormat: 'id-and-hash',
  eventIdFormat: 'given',
  roomIdFormat: 'opaque-with-domain',
  strictCanonicalJson: false,
  depthLimit: 2n ** 63n - 1n,
  redaction,
  auth,
  stateResolution: 'v1',
  enforceKeyValidity: false,
  eventIdDomainSigns: true,
  redactsIn: 'event',
  strippedStateIsPdus: false,
};
