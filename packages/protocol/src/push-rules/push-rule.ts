import type { JsonObject } from '../json/value.ts';

/** Kinds of rules, in the order in which they are asked. Source: client-server API, "Push Rules". */
export const PUSH_RULE_KINDS = ['override', 'content', 'room', 'sender', 'underride'] as const;

export type PushRuleKind = (typeof PUSH_RULE_KINDS)[number];

/** A rule in its wire form, as `GET /pushrules/` shows it and the `m.push_rules` account data holds it. */
export interface PushRule {
  /** Unique within its kind; of server-default rules it begins with a dot. */
  readonly rule_id: string;
  readonly default: boolean;
  readonly enabled: boolean;
  /** `notify`, or an object with `set_tweak`; anything else is kept and has no effect. */
  readonly actions: readonly (string | JsonObject)[];
  /** Of `override` and `underride` rules. Unknown kinds of condition are kept, and match nothing. */
  readonly conditions?: readonly JsonObject[];
  /** Of `content` rules. */
  readonly pattern?: string;
}

/**
 * All rules of one user. Within a kind the first match wins, so a list is in order of priority: the rules of
 * the user before the server's, but for `.m.rule.master`, which stands before all.
 */
export type PushRuleset = Readonly<Record<PushRuleKind, readonly PushRule[]>>;
