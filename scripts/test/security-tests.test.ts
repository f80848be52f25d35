import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { listSourceFiles } from '../process/list-files.ts';

const FLAWS = 48;
const document = readFileSync(join(root, 'docs/security-tests.md'), 'utf8');
const ids = idsOf('| id | flaw |');
const absent = idsOf('| id | why |');

/** The first cells of the table with this head. */
function idsOf(head: string): readonly string[] {
  const table = document.split(/\n\n+/).find((block) => block.startsWith(head));
  const rows = table?.trim().split('\n').slice(2) ?? [];
  return rows.map((row) => row.split('|')[1]?.trim() ?? '');
}

/** Numbers in titles of tests, and in tables that titles are made of: whatever is no comment. */
async function titledIds(): Promise<ReadonlySet<string>> {
  const tests = (await listSourceFiles(root)).filter((path) => path.endsWith('.test.ts'));
  const lines = tests
    .filter((path) => !path.endsWith('security-tests.test.ts'))
    .flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'))
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
  return new Set(lines.flatMap((line) => line.match(/\bSEC-\d\d\b/g) ?? []));
}

it('names each flaw once, in order', () => {
  expect(ids).toEqual(
    Array.from({ length: FLAWS }, (_, n) => `SEC-${String(n + 1).padStart(2, '0')}`),
  );
});

it('has each in the title of a test, or says why not, and not both', async () => {
  const titled = await titledIds();
  const untold = ids.filter((id) => !titled.has(id) && !absent.includes(id));
  expect(untold).toEqual([]);
  expect(absent.filter((id) => titled.has(id))).toEqual([]);
});

it('has no number in a title that is no flaw', async () => {
  expect([...(await titledIds())].filter((id) => !ids.includes(id))).toEqual([]);
});
