import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { listPropertyFiles, listPropertyHolders } from './property-files.ts';

const count = (text: string, pattern: RegExp): number => text.matchAll(pattern).toArray().length;

it('every property takes its parameters from the long run, which else could not end it', async () => {
  const holders = await listPropertyHolders();
  const counts = holders.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const asserted = count(text, /\bfc\.assert\(/g);
    return { path, asserted, bounded: count(text, /\b(property|fuzz)Parameters\(/g) };
  });
  expect(counts.length).toBeGreaterThan(10);
  expect(counts.filter(({ asserted, bounded }) => asserted !== bounded)).toEqual([]);
});

it('a property in a suite is found by the test file that calls it', async () => {
  expect(await listPropertyHolders()).toContain('packages/storage/src/contract/state-contract.ts');
  const files = await listPropertyFiles();
  expect(files).toContain('packages/storage/src/contract/sqlite.test.ts');
  expect(files.filter((path) => !path.endsWith('.test.ts'))).toEqual([]);
});
