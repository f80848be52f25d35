import { afterEach, describe, expect, it, vi } from 'vitest';
import { Glob } from '../glob/glob.ts';
import type { UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { countedCharacters, type Work } from '../testing/counted.ts';
import { CompiledPushRules } from './compiled-push-rules.ts';
import type { PushOutcome } from './push-outcome.ts';
import { PUSH_RULE_KINDS, type PushRule, type PushRuleset } from './push-rule.ts';
import { PushedEvent, type PushRoom } from './pushed-event.ts';

const BOB = { userId: '@bob:example.org' as UserId, displayName: undefined };
const ROOM: PushRoom = { joinedMembers: 3, senderLevel: 0, notificationLevels: new Map() };

const TEA: JsonObject = {
  type: 'm.room.message',
  sender: '@alice:example.org',
  room_id: '!room:example.org',
  content: { msgtype: 'm.text', body: "It's time for tea" },
};

const NONE: PushRuleset = { override: [], content: [], room: [], sender: [], underride: [] };

function rule(rule_id: string, more: Partial<PushRule> = {}): PushRule {
  return { rule_id, default: false, enabled: true, actions: ['notify'], ...more };
}

function outcome(ruleset: Partial<PushRuleset>, event: JsonObject = TEA): PushOutcome | undefined {
  const rules = new CompiledPushRules({ ...NONE, ...ruleset });
  return rules.evaluate(new PushedEvent(event, ROOM), BOB);
}

describe('kinds', () => {
  const all: PushRuleset = {
    override: [rule('o')],
    content: [rule('c', { pattern: 'tea' })],
    room: [rule('!room:example.org')],
    sender: [rule('@alice:example.org')],
    underride: [rule('u')],
  };

  it('[PUSH-11] are asked in their order', () => {
    let left = all;
    for (const kind of ['override', 'content', 'room', 'sender', 'underride'] as const) {
      expect(outcome(left)?.kind).toBe(kind);
      left = { ...left, [kind]: [] };
    }
    expect(outcome(left)).toBeUndefined();
    expect(PUSH_RULE_KINDS).toHaveLength(5);
  });

  it('[PUSH-12] within a kind the first match wins', () => {
    const tea = rule('tea', { pattern: 'tea' });
    const time = rule('time', { pattern: 'time' });
    expect(outcome({ content: [tea, time] })?.ruleId).toBe('tea');
    expect(outcome({ content: [time, tea] })?.ruleId).toBe('time');
    expect(outcome({ content: [rule('milk', { pattern: 'milk' }), time] })?.ruleId).toBe('time');
  });

  it('[PUSH-13] a disabled rule matches nothing', () => {
    expect(outcome({ override: [rule('off', { enabled: false }), rule('on')] })?.ruleId).toBe('on');
  });

  it('[PUSH-14] content rules look for words of the body', () => {
    expect(outcome({ content: [rule('c', { pattern: 'TIME*tea' })] })).toBeDefined();
    expect(outcome({ content: [rule('c', { pattern: 'te' })] })).toBeUndefined();
    expect(outcome({ content: [rule('c')] })).toBeUndefined();
    expect(
      outcome({ content: [rule('c', { pattern: '*' })] }, { ...TEA, content: {} }),
    ).toBeUndefined();
  });

  it('[PUSH-15] room and sender rules are about the id that names them', () => {
    expect(outcome({ room: [rule('!other:example.org')] })).toBeUndefined();
    expect(outcome({ room: [rule('!room:*')] })).toBeUndefined();
    expect(outcome({ sender: [rule('@ALICE:example.org')] })).toBeUndefined();
  });

  it('[PUSH-16] all conditions must hold, and no conditions always do', () => {
    const isMessage = { kind: 'event_match', key: 'type', pattern: 'm.room.message' };
    const isPair = { kind: 'room_member_count', is: '2' };
    expect(outcome({ underride: [rule('u', { conditions: [isMessage] })] })).toBeDefined();
    expect(
      outcome({ underride: [rule('u', { conditions: [isMessage, isPair] })] }),
    ).toBeUndefined();
    expect(outcome({ underride: [rule('u', { conditions: [] })] })).toBeDefined();
  });

  it('[PUSH-17] what the user sent notifies nobody', () => {
    expect(outcome(all, { ...TEA, sender: BOB.userId })).toBeUndefined();
  });
});

describe('actions', () => {
  it.each([
    [['notify'], { notify: true, highlight: false, tweaks: {} }],
    [[], { notify: false, highlight: false, tweaks: {} }],
    [['dont_notify'], { notify: false, highlight: false, tweaks: {} }],
    [['coalesce', 'notify'], { notify: true, highlight: false, tweaks: {} }],
    [
      ['notify', { set_tweak: 'sound', value: 'default' }, { set_tweak: 'highlight' }],
      { notify: true, highlight: true, tweaks: { sound: 'default', highlight: true } },
    ],
    [
      ['notify', { set_tweak: 'highlight', value: false }],
      { notify: true, highlight: false, tweaks: { highlight: false } },
    ],
    [
      ['notify', { set_tweak: 'org.example.light', value: 'blink' }, { set_tweak: 'sound' }],
      { notify: true, highlight: false, tweaks: { 'org.example.light': 'blink' } },
    ],
    [[{ set_tweak: 3, value: 1 }, { other: 1 }], { notify: false, highlight: false, tweaks: {} }],
  ] satisfies [PushRule['actions'], Omit<PushOutcome, 'kind' | 'ruleId'>][])(
    '[PUSH-18] %j',
    (actions, expected) => {
      expect(outcome({ override: [rule('o', { actions })] })).toEqual({
        kind: 'override',
        ruleId: 'o',
        ...expected,
      });
    },
  );

  it('[PUSH-18] a tweak may have any name', () => {
    const actions = [{ set_tweak: '__proto__', value: 'x' }];
    const tweaks = outcome({ override: [rule('o', { actions })] })?.tweaks ?? {};
    expect(Object.entries(tweaks)).toEqual([['__proto__', 'x']]);
  });
});

describe('hostile input', () => {
  afterEach(() => vi.restoreAllMocks());

  /** How many characters of the event are read. */
  function readsOf(ruleset: Partial<PushRuleset>, event: JsonObject): number {
    const work: Work = { steps: 0 };
    const within = Object.getOwnPropertyDescriptor(Glob.prototype, 'matchesWithin')
      ?.value as Glob['matchesWithin'];
    vi.spyOn(Glob.prototype, 'matchesWithin').mockImplementation(function (this: Glob, text, ends) {
      return within.call(this, countedCharacters(text, work), ends);
    });
    expect(outcome(ruleset, event)).toBeUndefined();
    expect(work.steps).toBeGreaterThan(0);
    return work.steps;
  }

  it('[PUSH-19] is read without backtracking (SEC-32)', () => {
    const body = 'a'.repeat(20_000);
    const pattern = `${'a*'.repeat(500)}b`;
    const reads = readsOf({ content: [rule('c', { pattern })] }, { ...TEA, content: { body } });
    expect(reads).toBeLessThanOrEqual(3 * (body.length + pattern.length));
  });

  it('of 10 KB is asked of a thousand rules in as many steps as it has characters for each (SEC-32)', () => {
    const body = 'tea and '.repeat(1_280);
    const content = Array.from({ length: 1_000 }, (_, n) =>
      rule(`${n}`, { pattern: `coffee*${n}` }),
    );
    const reads = readsOf({ content }, { ...TEA, content: { body } });
    expect(reads).toBeLessThanOrEqual(4 * body.length * content.length);
  });
});
