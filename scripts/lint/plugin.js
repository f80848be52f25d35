import { coreRule } from './core-rule.js';
import { effectsRule } from './effects-rule.js';

/** The rules of this house that oxlint does not have. */
export default {
  meta: { name: 'hansa' },
  rules: { 'core-is-pure': coreRule, 'effects-are-handed-in': effectsRule },
};
