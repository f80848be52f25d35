import { describe, expect, it } from 'vitest';
import { CountedText } from '../testing/counted.ts';
import { scanJson } from './scan.ts';

describe('work', () => {
  it.each<[string, (size: number) => string]>([
    ['one long string', (size) => `"${'a'.repeat(size)}"`],
    ['a string of escapes', (size) => `"${'\\ud83d\\ude00'.repeat(size)}"`],
    ['escapes without an end', (size) => `"${'\\n'.repeat(size)}`],
    ['many keys', (size) => `{${keys(size, (index) => `k${index}`)}}`],
    ['many keys with escapes', (size) => `{${keys(size, (index) => `\\u0061${index}`)}}`],
    ['keys that are numbers', (size) => `{${keys(size, (index) => `${index * 16_384}`)}}`],
    [
      'the last key repeated',
      (size) => `{${keys(size, (index) => `k${Math.min(index, size - 2)}`)}}`,
    ],
    ['a long number', (size) => `[${'9'.repeat(size)}]`],
    ['a long fraction', (size) => `[0.${'0'.repeat(size)}1]`],
    ['a long exponent', (size) => `[1e-${'0'.repeat(size)}1]`],
    ['many numbers', (size) => `[${'1.5,'.repeat(size)}1]`],
    ['white space', (size) => `[${' '.repeat(size)}]`],
    ['flat arrays', (size) => `[${'[],'.repeat(size)}[]]`],
    ['depth without an end', (size) => '['.repeat(size)],
    ['a long path to a fault', (size) => `{"${'\\\\'.repeat(size)}":x}`],
  ])('[JSON-15] grows no faster than the text: %s', (_name, make) => {
    for (const findRepeatedKeys of [false, true]) {
      const once = charactersRead(make(2_000), findRepeatedKeys);
      const twice = charactersRead(make(4_000), findRepeatedKeys);
      expect(twice).toBeLessThanOrEqual(once * 2.5);
      expect(once).toBeLessThanOrEqual(make(2_000).length * 6 + 100);
    }
  });
});

function keys(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `"${name(index)}":0`).join(',');
}

function charactersRead(text: string, findRepeatedKeys: boolean): number {
  const work = { steps: 0 };
  scanJson(new CountedText(text, work) as unknown as string, { maxDepth: 100, findRepeatedKeys });
  return work.steps;
}
