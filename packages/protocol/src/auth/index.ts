export { type AuthEventSubject, authEventKeys } from './auth-event-keys.ts';
export { type AuthEvent, checkAuthEvents } from './auth-events.ts';
export { checkAuth } from './check-auth.ts';
export type { Level } from './level.ts';
export { mayRedact } from './may-redact.ts';
export { joinRuleOf } from './member/join-rule.ts';
export { PowerLevels, powerLevelsOf } from './power-levels.ts';
export type { StateLookup } from './state-lookup.ts';
export { checkStateRules } from './state-rules.ts';
