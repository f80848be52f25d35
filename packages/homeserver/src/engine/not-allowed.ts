import { forbidden, type MatrixError } from '../matrix-error.ts';

interface Refused {
  readonly rule: string;
  readonly reason: string;
}

/** Reasons of the core that say to a person something else than they mean, or nothing. */
const WORDS: Readonly<Record<string, string>> = {
  'the sender is not joined': 'You are not in this room',
  'the sender is not in the room': 'You are not in this room',
  'the sender is not invited': 'You are not invited to this room',
  'the sender is banned': 'You are banned from this room',
  'the join rule lets nobody in': 'Nobody may join this room',
  'the join rule lets nobody knock': 'This room cannot be asked to be let in',
  'the invited user is joined or banned':
    'The invited user is already in the room or banned from it',
};

/**
 * What a room's rules refuse, told to the person who asked for it, or whose server did: the core speaks of "the sender".
 * The rule's id stands behind it, for who looks it up.
 */
export function notAllowed({ reason, rule }: Refused): MatrixError {
  return forbidden(`${wordsOf(reason)} (${rule}).`);
}

function wordsOf(reason: string): string {
  if (Object.hasOwn(WORDS, reason)) return WORDS[reason] ?? reason;
  const told = reason
    .replace(/^the sender (is|has) /, (_found, verb) => (verb === 'is' ? 'you are ' : 'you have '))
    .replaceAll("the sender's", 'your');
  return `${told.charAt(0).toUpperCase()}${told.slice(1)}`;
}
