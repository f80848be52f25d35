import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { listSourceFiles } from '../process/source-files.ts';

const count = (text: string, pattern: RegExp): number => text.matchAll(pattern).toArray().length;

it('every property takes its parameters from the long run, which else could not end it', async () => {
  const tests = (await listSourceFiles(root)).filter((path) => path.endsWith('.test.ts'));
  const counts = tests.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const asserted = count(text, /\bfc\.assert\(/g);
    return { path, asserted, bounded: count(text, /\bpropertyParameters\(/g) };
  });
  expect(counts.filter(({ asserted }) => asserted > 0).length).toBeGreaterThan(10);
  expect(counts.filter(({ asserted, bounded }) => asserted !== bounded)).toEqual([]);
});
