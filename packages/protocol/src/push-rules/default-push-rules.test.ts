import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { sharedVectors } from '../testing/shared.ts';
import { CompiledPushRules } from './compiled-push-rules.ts';
import { defaultPushRules } from './default-push-rules.ts';
import { PushedEvent, type PushRoom } from './pushed-event.ts';

const BOB = '@bob:example.org' as UserId;
const ROOM: PushRoom = { joinedMembers: 3, senderLevel: 0, notificationLevels: new Map() };

const published = sharedVectors('matrix/push-rules-default.json');

describe.skipIf(published.missing)('as published', () => {
  it('[PUSH-20] the default rules are those of the specification, in its order', () => {
    const text = readFileSync(published.path, 'utf8').replaceAll("[the user's Matrix ID]", BOB);
    expect(defaultPushRules(BOB)).toEqual(JSON.parse(text));
  });
});

describe('what they do', () => {
  function ruleFor(event: JsonObject, room: Partial<PushRoom> = {}): string | undefined {
    const rules = new CompiledPushRules(defaultPushRules(BOB));
    const pushed = new PushedEvent(
      { sender: '@alice:example.org', ...event },
      { ...ROOM, ...room },
    );
    return rules.evaluate(pushed, { userId: BOB, displayName: undefined })?.ruleId;
  }

  const message = (content: JsonObject) => ({ type: 'm.room.message', content });

  it.each([
    ['.m.rule.message', message({ body: 'hello' }), {}],
    ['.m.rule.message', message({ body: 'bob: @bob:example.org @room' }), {}],
    ['.m.rule.room_one_to_one', message({ body: 'hello' }), { joinedMembers: 2 }],
    ['.m.rule.suppress_notices', message({ msgtype: 'm.notice' }), {}],
    ['.m.rule.is_user_mention', message({ 'm.mentions': { user_ids: [BOB] } }), {}],
    ['.m.rule.message', message({ 'm.mentions': { user_ids: ['@carol:example.org'] } }), {}],
    ['.m.rule.is_room_mention', message({ 'm.mentions': { room: true } }), { senderLevel: 50 }],
    ['.m.rule.message', message({ 'm.mentions': { room: true } }), { senderLevel: 49 }],
    ['.m.rule.message', message({ 'm.mentions': { room: 'true' } }), { senderLevel: 50 }],
    ['.m.rule.suppress_edits', message({ 'm.relates_to': { rel_type: 'm.replace' } }), {}],
    ['.m.rule.encrypted', { type: 'm.room.encrypted', content: {} }, {}],
    [
      '.m.rule.encrypted_room_one_to_one',
      { type: 'm.room.encrypted', content: {} },
      { joinedMembers: 2 },
    ],
    ['.m.rule.reaction', { type: 'm.reaction', content: {} }, {}],
    ['.m.rule.call', { type: 'm.call.invite', content: {} }, {}],
    ['.m.rule.tombstone', { type: 'm.room.tombstone', state_key: '', content: {} }, {}],
    ['.m.rule.room.server_acl', { type: 'm.room.server_acl', state_key: '', content: {} }, {}],
    [
      '.m.rule.invite_for_me',
      { type: 'm.room.member', state_key: BOB, content: { membership: 'invite' } },
      {},
    ],
    [
      '.m.rule.member_event',
      { type: 'm.room.member', state_key: '@c:example.org', content: { membership: 'invite' } },
      {},
    ],
    [undefined, { type: 'm.room.tombstone', content: {} }, {}],
    [undefined, { type: 'm.room.topic', state_key: '', content: {} }, {}],
  ] satisfies [string | undefined, JsonObject, Partial<PushRoom>][])(
    '[PUSH-21] %s for %j in %j',
    (expected, event, room) => {
      expect(ruleFor(event, room)).toBe(expected);
    },
  );

  it('[PUSH-21] the master rule, switched on, silences everything', () => {
    const defaults = defaultPushRules(BOB);
    const override = defaults.override.map((rule) => ({
      ...rule,
      enabled: rule.enabled || rule.rule_id === '.m.rule.master',
    }));
    const event = new PushedEvent({ type: 'm.room.message', content: {} }, ROOM);
    const user = { userId: BOB, displayName: undefined };
    const outcome = new CompiledPushRules({ ...defaults, override }).evaluate(event, user);
    expect(outcome).toMatchObject({ ruleId: '.m.rule.master', notify: false });
  });
});
