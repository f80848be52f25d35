import type { UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import type { PushRule, PushRuleset } from './push-rule.ts';

type Actions = PushRule['actions'];

const NOTIFY: Actions = ['notify'];
const NOTIFY_WITH_SOUND: Actions = ['notify', { set_tweak: 'sound', value: 'default' }];
const RING: Actions = ['notify', { set_tweak: 'sound', value: 'ring' }];
const HIGHLIGHT: Actions = ['notify', { set_tweak: 'highlight' }];
const BE_SILENT: Actions = [];

const ONLY_TWO_MEMBERS: JsonObject = { kind: 'room_member_count', is: '2' };

/**
 * The rules that a user has who never touched any, as of version 1.17, which took the rules away that looked
 * for names in the text. Source: client-server API, "Predefined Rules".
 */
export function defaultPushRules(userId: UserId): PushRuleset {
  return {
    override: [
      { ...rule('.m.rule.master', [], BE_SILENT), enabled: false },
      rule('.m.rule.suppress_notices', [matches('content.msgtype', 'm.notice')], BE_SILENT),
      rule(
        '.m.rule.invite_for_me',
        [
          matches('type', 'm.room.member'),
          matches('content.membership', 'invite'),
          matches('state_key', userId),
        ],
        NOTIFY_WITH_SOUND,
      ),
      rule('.m.rule.member_event', [matches('type', 'm.room.member')], BE_SILENT),
      rule(
        '.m.rule.is_user_mention',
        [
          {
            kind: 'event_property_contains',
            key: String.raw`content.m\.mentions.user_ids`,
            value: userId,
          },
        ],
        [...NOTIFY_WITH_SOUND, { set_tweak: 'highlight' }],
      ),
      rule(
        '.m.rule.is_room_mention',
        [
          propertyIs(String.raw`content.m\.mentions.room`, true),
          { kind: 'sender_notification_permission', key: 'room' },
        ],
        HIGHLIGHT,
      ),
      rule('.m.rule.tombstone', isRoomState('m.room.tombstone'), HIGHLIGHT),
      rule('.m.rule.reaction', [matches('type', 'm.reaction')], BE_SILENT),
      rule('.m.rule.room.server_acl', isRoomState('m.room.server_acl'), BE_SILENT),
      rule(
        '.m.rule.suppress_edits',
        [propertyIs(String.raw`content.m\.relates_to.rel_type`, 'm.replace')],
        BE_SILENT,
      ),
    ],
    content: [],
    room: [],
    sender: [],
    underride: [
      rule('.m.rule.call', [matches('type', 'm.call.invite')], RING),
      rule(
        '.m.rule.encrypted_room_one_to_one',
        [ONLY_TWO_MEMBERS, matches('type', 'm.room.encrypted')],
        NOTIFY_WITH_SOUND,
      ),
      rule(
        '.m.rule.room_one_to_one',
        [ONLY_TWO_MEMBERS, matches('type', 'm.room.message')],
        NOTIFY_WITH_SOUND,
      ),
      rule('.m.rule.message', [matches('type', 'm.room.message')], NOTIFY),
      rule('.m.rule.encrypted', [matches('type', 'm.room.encrypted')], NOTIFY),
    ],
  };
}

function rule(rule_id: string, conditions: readonly JsonObject[], actions: Actions): PushRule {
  return { rule_id, default: true, enabled: true, conditions, actions };
}

function matches(key: string, pattern: string): JsonObject {
  return { kind: 'event_match', key, pattern };
}

function propertyIs(key: string, value: string | boolean): JsonObject {
  return { kind: 'event_property_is', key, value };
}

function isRoomState(type: string): readonly JsonObject[] {
  return [matches('type', type), matches('state_key', '')];
}
