import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { mutatedJson } from '../testing/mutated-json.ts';
import { mutatedText } from '../testing/mutations.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { CompiledPushRules } from './compiled-push-rules.ts';
import { defaultPushRules } from './default-push-rules.ts';
import { findProperty, parsePropertyPath } from './property-path.ts';
import type { PushRuleset } from './push-rule.ts';
import { PushedEvent } from './pushed-event.ts';

const BOB = { userId: '@bob:example.org' as UserId, displayName: 'Bob' };
const ROOM = { joinedMembers: 2, senderLevel: 50, notificationLevels: new Map([['room', 50]]) };

const EVENTS: readonly JsonObject[] = [
  {
    type: 'm.room.message',
    sender: '@alice:example.org',
    room_id: '!room:example.org',
    content: { body: 'Bob, @room: tea', 'm.mentions': { user_ids: [BOB.userId], room: true } },
  },
  {
    type: 'm.room.member',
    state_key: BOB.userId,
    sender: '@alice:example.org',
    content: { membership: 'invite' },
  },
];

const CONDITIONS: readonly JsonObject[] = [
  { kind: 'event_match', key: 'content.body', pattern: '*tea*' },
  { kind: 'event_property_is', key: String.raw`content.m\.mentions.room`, value: true },
  { kind: 'event_property_contains', key: 'content.list', value: BOB.userId },
  { kind: 'contains_display_name' },
  { kind: 'room_member_count', is: '==2' },
  { kind: 'sender_notification_permission', key: 'room' },
];

it('[PUSH-11] the default rules are asked of any event, and answer', () => {
  const rules = new CompiledPushRules(defaultPushRules(BOB.userId));
  fc.assert(
    fc.property(mutatedJson(EVENTS), (json) => {
      const outcome = rules.evaluate(new PushedEvent(json, ROOM), BOB);
      expect(['undefined', 'string']).toContain(typeof outcome?.ruleId);
    }),
    fuzzParameters(),
  );
});

it('[PUSH-3] [PUSH-9] any conditions are asked of any event, and answer', () => {
  const none: PushRuleset = { override: [], content: [], room: [], sender: [], underride: [] };
  const rule = { rule_id: 'own', default: false, enabled: true, actions: ['notify'] };
  fc.assert(
    fc.property(mutatedJson(CONDITIONS), mutatedJson(EVENTS), (condition, json) => {
      const rules = new CompiledPushRules({
        ...none,
        override: [{ ...rule, conditions: [condition] }],
      });
      expect([undefined, 'own']).toContain(
        rules.evaluate(new PushedEvent(json, ROOM), BOB)?.ruleId,
      );
    }),
    fuzzParameters(),
  );
});

it('[PUSH-10] any text is a path, and leads to nothing that the event does not hold itself', () => {
  const samples = [String.raw`content.m\.relates_to.rel_type`, '__proto__.constructor', ''];
  fc.assert(
    fc.property(mutatedText(samples, ['.', '\\', 'content', '__proto__']), (text) => {
      const path = parsePropertyPath(text);
      expect(path.length).toBeLessThanOrEqual(text.length + 1);
      expect(findProperty({}, path)).toBeUndefined();
    }),
    fuzzParameters(),
  );
});
