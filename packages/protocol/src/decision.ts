/**
 * What a rule says of its input. A refusal is a value, not an exception: a rejected event is normal life.
 * `rule` is a stable id of `SPEC.md`, such as `AUTH-5.3`; `reason` is a sentence for a log or an inspector.
 */
export type Decision = Allowed | Refused;

export interface Allowed {
  readonly ok: true;
}

export interface Refused {
  readonly ok: false;
  readonly rule: string;
  readonly reason: string;
}

/** A value, or the rule that its input breaks. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

/** One rule, or several that were put in order. */
export type Rule<T> = (input: T) => Decision;

export const ALLOWED: Allowed = { ok: true };

export function refused(rule: string, reason: string): Refused {
  return { ok: false, rule, reason };
}

/** Rules as one: it says what the first of them says that refuses. */
export function inOrder<T>(...rules: readonly Rule<T>[]): Rule<T> {
  return (input) => {
    for (const rule of rules) {
      const decision = rule(input);
      if (!decision.ok) return decision;
    }
    return ALLOWED;
  };
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}
