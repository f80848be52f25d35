import { expect, it } from 'vitest';
import { TypePatterns } from './type-patterns.ts';

it.each([
  ['m.room.message', 'm.room.message', true],
  ['m.room.message', 'm.room.messages', false],
  ['*', 'anything', true],
  ['*', '', true],
  ['m.*', 'm.room', true],
  ['m.*', 'om.room', false],
  ['*.room', 'm.room', true],
  ['*.room', 'm.room.x', false],
  ['m.*.x', 'm.room.x', true],
  ['m.*.x', 'm.x', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*ab*ab*', 'abab', true],
  ['*ab*ab*', 'abxb', false],
  ['a*b*b', 'ab', false],
  ['a**b', 'ab', true],
  ['m.room?', 'm.rooms', false],
  ['m.(room|x)+', 'm.room', false],
])('matches %j with %j: %s', (pattern, type, matches) => {
  expect(new TypePatterns([pattern]).match(type)).toBe(matches);
  expect(new TypePatterns(['no', pattern, 'n*o']).match(type)).toBe(matches);
});
