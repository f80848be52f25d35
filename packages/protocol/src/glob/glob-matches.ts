import { exactCase } from './fold.ts';
import { Glob } from './glob.ts';

/** Whether a whole text matches a glob, case and all. For many texts compile the `Glob` once. */
export function globMatches(pattern: string, text: string): boolean {
  return Glob.compile(exactCase(pattern)).matches(exactCase(text));
}
