import { expect, it } from 'vitest';
import { readReports } from './property-report.ts';

const line = (name: string): string =>
  `${JSON.stringify({ name, cases: 10, goal: 100, failed: false })}\n`;

it('reads a line for each property', () => {
  expect(readReports('')).toEqual([]);
  expect(readReports(line('a') + line('b')).map(({ name }) => name)).toEqual(['a', 'b']);
});

it('refuses two properties in one test, which it could not tell apart', () => {
  expect(() => readReports(line('a') + line('b') + line('a'))).toThrow('more than one property: a');
});
