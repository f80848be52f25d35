import { isObject, member, type JsonObject, type JsonValue } from '../json/value.ts';
import type { PushRule, PushRuleKind } from './push-rule.ts';

/** What becomes of an event for one user: the actions of the rule that matched first. */
export interface PushOutcome {
  readonly kind: PushRuleKind;
  readonly ruleId: string;
  /** Whether the event counts as a notification and goes to the push gateways. */
  readonly notify: boolean;
  /** Whether it counts as a highlight. */
  readonly highlight: boolean;
  /** As the push gateway gets them, `highlight` and `sound` among them; unknown ones are passed on. */
  readonly tweaks: JsonObject;
}

/** Actions that are not known, the historical `dont_notify` and `coalesce` among them, do nothing. */
export function pushOutcome(kind: PushRuleKind, rule: PushRule): PushOutcome {
  const tweaks = Object.fromEntries(rule.actions.flatMap(readTweak));
  return {
    kind,
    ruleId: rule.rule_id,
    notify: rule.actions.includes('notify'),
    highlight: member(tweaks, 'highlight') === true,
    tweaks,
  };
}

function readTweak(action: string | JsonObject): [name: string, value: JsonValue][] {
  if (!isObject(action)) return [];
  const name = member(action, 'set_tweak');
  if (typeof name !== 'string') return [];
  const value = member(action, 'value') ?? (name === 'highlight' ? true : undefined);
  return value === undefined ? [] : [[name, value]];
}
