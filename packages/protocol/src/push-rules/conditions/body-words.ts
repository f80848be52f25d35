import type { Characters } from '../../glob/fold.ts';
import type { Glob } from '../../glob/glob.ts';
import type { PushedEvent } from '../pushed-event.ts';

const UNDERSCORE = 0x5f;

/**
 * Whether a glob matches some run of words in `content.body`. A word consists of ASCII letters, digits and
 * `_`; a run begins and ends where a word does, or beside any other character.
 * Source: client-server API, "Conditions", `event_match`.
 */
export function occursInBody(glob: Glob, event: PushedEvent): boolean {
  const body = event.foldedBody();
  return body !== undefined && glob.matchesWithin(body, isWordBoundary);
}

function isWordBoundary(text: Characters, at: number): boolean {
  return !isWordCharacter(text[at - 1]) || !isWordCharacter(text[at]);
}

/** Texts are folded, so there are no capitals; beyond either end there is no character at all. */
function isWordCharacter(point: number | undefined): boolean {
  if (point === undefined) return false;
  return (
    (point >= 0x61 && point <= 0x7a) || (point >= 0x30 && point <= 0x39) || point === UNDERSCORE
  );
}
