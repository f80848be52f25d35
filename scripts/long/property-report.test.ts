import { expect, it } from 'vitest';
import { addRound, formatProgress } from './property-report.ts';

const line = (name: string, cases: number, failed = false): string =>
  `${JSON.stringify({ name, cases, goal: 10_000, failed })}\n`;

it('adds up the rounds of a property, and the properties of a test', () => {
  const first = addRound(new Map(), line('a', 100) + line('b', 200) + line('b', 300, true));
  const second = addRound(first, line('a', 8_020) + line('b', 1));
  expect([...second.values()].map(formatProgress)).toEqual([
    'a: 8,120 of 10,000',
    'b: 501 of 10,000, FAILED',
  ]);
});
