import { foldUnicode } from '../../glob/fold.ts';
import { Glob } from '../../glob/glob.ts';
import { occursInBody } from './body-words.ts';
import type { CompileCondition } from './condition.ts';

/**
 * `contains_display_name`: the text names the user. Deprecated in 1.17 and in none of the default rules;
 * users may still have rules with it. The name is taken literally, it is no pattern.
 */
export const containsDisplayName: CompileCondition = () => (event, user) => {
  if (user.displayName === undefined || user.displayName === '') return false;
  return occursInBody(Glob.literal(foldUnicode(user.displayName)), event);
};
