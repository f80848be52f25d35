import { describe, expect, it } from 'vitest';
import type { UserId } from '../../identifiers/brand.ts';
import { NumberLiteral, type JsonObject, type JsonValue } from '../../json/value.ts';
import { CompiledPushRules } from '../compiled-push-rules.ts';
import { PushedEvent, type PushRoom, type PushUser } from '../pushed-event.ts';

const BOB: PushUser = { userId: '@bob:example.org' as UserId, displayName: 'Bob' };
const ROOM: PushRoom = { joinedMembers: 3, senderLevel: 0, notificationLevels: new Map() };

/** Whether a rule with this one condition matches. */
function holds(
  condition: JsonObject,
  event: JsonObject,
  { room = ROOM, user = BOB }: { room?: PushRoom; user?: PushUser } = {},
): boolean {
  const rule = {
    rule_id: 'r',
    default: false,
    enabled: true,
    actions: [],
    conditions: [condition],
  };
  const rules = new CompiledPushRules({
    override: [rule],
    content: [],
    room: [],
    sender: [],
    underride: [],
  });
  return rules.evaluate(new PushedEvent(event, room), user) !== undefined;
}

function bodyMatches(pattern: string, body: JsonValue): boolean {
  return holds({ kind: 'event_match', key: 'content.body', pattern }, { content: { body } });
}

describe('event_match', () => {
  it.each([
    ['Lunch plans', true],
    ['LUNCH', true],
    [' lunch', false],
    ['lunc', false],
    [null, false],
    [['lunch'], false],
    [7, false],
  ])('[PUSH-1] content.topic, lunc?* on %j: %j', (topic, expected) => {
    const condition = { kind: 'event_match', key: 'content.topic', pattern: 'lunc?*' };
    expect(holds(condition, { content: { topic } })).toBe(expected);
  });

  it.each(['*', ''])('[PUSH-1] an absent property does not match %j', (pattern) => {
    const condition = { kind: 'event_match', key: 'content.topic', pattern };
    expect(holds(condition, { content: {} })).toBe(false);
    expect(holds(condition, {})).toBe(false);
    expect(holds(condition, { content: 'topic' })).toBe(false);
  });

  it.each([
    ['An example event.', true],
    ['exple', true],
    ['An exciting triple-whammy', true],
    ['An unexampled event', false],
    ['examples', false],
    ['_example', false],
    ['example_', false],
    ['1example', false],
    ['"example"', true],
    ['ÉEXAMPLEÉ', true],
  ])('[PUSH-2] content.body, ex*ple on %j: %j', (body, expected) => {
    expect(bodyMatches('ex*ple', body)).toBe(expected);
  });

  it.each([
    ['tea', "It's time for tea", true],
    ['tea', 'teatime, then tea', true],
    ['time for', "It's time for tea", true],
    ['t?a', 'tea?', true],
    ['t?a', 'teas', false],
    ['tea', 'TEA', true],
    ['stra', 'straße', true],
    ['@room', 'hello @room!', true],
    ['@room', 'hello@room', true],
    ['*', '', true],
    ['tea', ['tea'], false],
    ['tea', null, false],
  ])('[PUSH-2] content.body, %j on %j: %j', (pattern, body, expected) => {
    expect(bodyMatches(pattern, body)).toBe(expected);
  });

  it('[PUSH-2] only content.body itself is read by words', () => {
    const condition = { kind: 'event_match', pattern: 'tea' };
    const event = {
      content: { a: { body: 'some tea' } },
      'content.body': 'some tea',
      body: 'some tea',
    };
    for (const key of ['content.a.body', 'content\\.body', 'body']) {
      expect(holds({ ...condition, key }, event)).toBe(false);
    }
  });

  it.each([
    { key: 'type' },
    { pattern: 'm.*' },
    { key: ['type'], pattern: 'm.*' },
    { key: 'type', pattern: null },
  ])('[PUSH-3] a malformed condition matches nothing: %j', (condition) => {
    expect(holds({ kind: 'event_match', ...condition }, { type: 'm.room.message' })).toBe(false);
  });
});

describe('event_property_is', () => {
  it.each([
    [true, true],
    ['true', false],
    [1, false],
    [undefined, false],
  ])('[PUSH-4] content.m\\.federate is true, on %j: %j', (value, expected) => {
    const condition = { kind: 'event_property_is', key: 'content.m\\.federate', value: true };
    const content = value === undefined ? {} : { 'm.federate': value };
    expect(holds(condition, { content })).toBe(expected);
  });

  it.each([
    ['a', 'a', true],
    ['a', 'A', false],
    ['a*', 'abc', false],
    [0, 0, true],
    [0, false, false],
    [null, null, true],
    [9007199254740991, 9007199254740991, true],
    [9007199254740992, 9007199254740992, false],
    [1.5, 1.5, false],
    [1, new NumberLiteral('1.0'), false],
  ])('[PUSH-4] %j on %j: %j', (wanted, value, expected) => {
    const condition = { kind: 'event_property_is', key: 'content.key', value: wanted };
    expect(holds(condition, { content: { key: value } })).toBe(expected);
  });

  it.each([
    [['a'], ['a']],
    [{}, {}],
  ])('[PUSH-4] compound values match nothing: %j', (wanted, value) => {
    const condition = { kind: 'event_property_is', key: 'content.key', value: wanted };
    expect(holds(condition, { content: { key: value } })).toBe(false);
  });

  it('[PUSH-4] without a value it does not match what is absent', () => {
    expect(holds({ kind: 'event_property_is', key: 'content.key' }, { content: {} })).toBe(false);
  });
});

describe('event_property_contains', () => {
  const condition = {
    kind: 'event_property_contains',
    key: 'content.alt_aliases',
    value: '#myroom:example.com',
  };

  it.each([
    [['#somewhere:example.org', '#myroom:example.com'], true],
    [[':example.com'], false],
    [[], false],
    ['#myroom:example.com', false],
    [{ 0: '#myroom:example.com' }, false],
    [[['#myroom:example.com'], { a: '#myroom:example.com' }, null], false],
  ])('[PUSH-5] content.alt_aliases, on %j: %j', (value, expected) => {
    expect(holds(condition, { content: { alt_aliases: value } })).toBe(expected);
  });

  it('[PUSH-5] an absent list contains nothing, and a compound value is in none', () => {
    expect(holds(condition, { content: {} })).toBe(false);
    const compound = [{ a: 1 }];
    const wanted = { ...condition, value: compound[0] ?? {} };
    expect(holds(wanted, { content: { alt_aliases: compound } })).toBe(false);
  });
});

describe('room_member_count', () => {
  it.each([
    ['3', true],
    ['2', false],
    ['==3', true],
    ['<3', false],
    ['<4', true],
    ['<=3', true],
    ['<=2', false],
    ['>2', true],
    ['>3', false],
    ['>=3', true],
    ['>=4', false],
    [`<${'9'.repeat(400)}`, true],
  ])('[PUSH-6] three members are %s: %j', (is, expected) => {
    expect(holds({ kind: 'room_member_count', is }, {})).toBe(expected);
  });

  it.each([undefined, 3, '', '=3', '!=2', '3 ', ' 3', '+3', '3.0', '0x3', '==', '<-1'])(
    '[PUSH-3] is %j matches nothing',
    (is) => {
      const condition = { kind: 'room_member_count', ...(is === undefined ? {} : { is }) };
      expect(holds(condition, {})).toBe(false);
    },
  );
});

describe('sender_notification_permission', () => {
  it.each([
    ['room', 50, [], true],
    ['room', 49, [], false],
    ['room', 20, [['room', 20]], true],
    ['room', 19, [['room', 20]], false],
    ['other', 50, [['room', 20]], true],
    ['other', 49, [['room', 20]], false],
    ['room', Infinity, [['room', 9007199254740991]], true],
  ] satisfies [string, number, [string, number][], boolean][])(
    '[PUSH-7] %s with level %d and levels %j: %j',
    (key, senderLevel, levels, expected) => {
      const room = { ...ROOM, senderLevel, notificationLevels: new Map(levels) };
      expect(holds({ kind: 'sender_notification_permission', key }, {}, { room })).toBe(expected);
    },
  );

  it('[PUSH-3] without a key it matches nothing', () => {
    const room = { ...ROOM, senderLevel: 100 };
    expect(holds({ kind: 'sender_notification_permission' }, {}, { room })).toBe(false);
  });
});

describe('contains_display_name', () => {
  it.each([
    ['Bob', 'hello bob!', true],
    ['Bob', 'bobby', false],
    ['Bob', undefined, false],
    ['B*b', 'Bob', false],
    ['B*b', 'B*b is here', true],
    ['', 'anything', false],
    [undefined, 'anything', false],
  ])('[PUSH-8] the name %j in %j: %j', (displayName, body, expected) => {
    const content = body === undefined ? {} : { body };
    const user = { ...BOB, displayName };
    expect(holds({ kind: 'contains_display_name' }, { content }, { user })).toBe(expected);
  });
});

describe('unknown conditions', () => {
  it.each(['org.example.unknown', 'constructor', '__proto__', 3, null, undefined])(
    '[PUSH-9] kind %j matches nothing',
    (kind) => {
      const condition = kind === undefined ? {} : { kind };
      expect(holds({ ...condition, key: 'type', pattern: '*' }, { type: 'm' })).toBe(false);
    },
  );
});
