import { foldUnicode } from '../glob/fold.ts';
import { Glob } from '../glob/glob.ts';
import { member, type JsonObject } from '../json/value.ts';
import { occursInBody } from './conditions/body-words.ts';
import { never, type CompileCondition, type Condition } from './conditions/condition.ts';
import { containsDisplayName } from './conditions/contains-display-name.ts';
import { eventMatch } from './conditions/event-match.ts';
import { eventPropertyContains, eventPropertyIs } from './conditions/event-property.ts';
import { roomMemberCount } from './conditions/room-member-count.ts';
import { senderNotificationPermission } from './conditions/sender-notification-permission.ts';
import { pushOutcome, type PushOutcome } from './push-outcome.ts';
import {
  PUSH_RULE_KINDS,
  type PushRule,
  type PushRuleKind,
  type PushRuleset,
} from './push-rule.ts';
import type { PushedEvent, PushUser } from './pushed-event.ts';

const compilers = new Map<string, CompileCondition>([
  ['event_match', eventMatch],
  ['event_property_is', eventPropertyIs],
  ['event_property_contains', eventPropertyContains],
  ['contains_display_name', containsDisplayName],
  ['room_member_count', roomMemberCount],
  ['sender_notification_permission', senderNotificationPermission],
]);

interface CompiledRule {
  readonly conditions: readonly Condition[];
  readonly outcome: PushOutcome;
}

/**
 * The rules of one user, read once and asked of many events. An evaluation reads at most pattern length ×
 * text length characters for each condition. Source: client-server API, "Push Rules".
 */
export class CompiledPushRules {
  readonly #rules: readonly CompiledRule[];

  constructor(ruleset: PushRuleset) {
    this.#rules = PUSH_RULE_KINDS.flatMap((kind) =>
      ruleset[kind]
        .filter((rule) => rule.enabled)
        .map((rule) => ({
          conditions: conditionsOf(kind, rule),
          outcome: pushOutcome(kind, rule),
        })),
    );
  }

  /** `undefined` where no rule matches, and for what the user sent: nothing is to be notified then. */
  evaluate(event: PushedEvent, user: PushUser): PushOutcome | undefined {
    if (event.get(['sender']) === user.userId) return undefined;
    return this.#rules.find(({ conditions }) => conditions.every((holds) => holds(event, user)))
      ?.outcome;
  }
}

function conditionsOf(kind: PushRuleKind, rule: PushRule): readonly Condition[] {
  switch (kind) {
    case 'override':
    case 'underride':
      return (rule.conditions ?? []).map(compileCondition);
    case 'content':
      return [hasWords(rule.pattern)];
    case 'room':
      return [(event) => event.get(['room_id']) === rule.rule_id];
    case 'sender':
      return [(event) => event.get(['sender']) === rule.rule_id];
  }
}

function compileCondition(condition: JsonObject): Condition {
  const kind = member(condition, 'kind');
  const compile = typeof kind === 'string' ? compilers.get(kind) : undefined;
  return compile?.(condition) ?? never;
}

function hasWords(pattern: string | undefined): Condition {
  if (pattern === undefined) return never;
  const glob = Glob.compile(foldUnicode(pattern));
  return (event) => occursInBody(glob, event);
}
