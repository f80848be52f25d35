import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const sourceFolder = fileURLToPath(new URL('.', import.meta.url));
const specification = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');

/** Capitals and digits, a dash, numbers: `AUTH-5.3`, `SR2-4`. */
const ID = String.raw`[A-Z][A-Z0-9]*-\d+(?:\.\d+)*`;
const FEWEST_RULES = 121;

/** Rows of the tables of rules; other tables have other heads. */
const rows = specification
  .split(/\n\n+/)
  .filter((block) => block.startsWith('| id | rule |'))
  .flatMap((table) => table.trim().split('\n').slice(2))
  .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))
  .map((cells) => cells.map((cell) => cell.trim()));
const ids = rows.map(([id = '']) => id);

const files = globSync('**/*.ts', { cwd: sourceFolder }).map((path) => ({
  path,
  text: readFileSync(`${sourceFolder}${path}`, 'utf8'),
}));
const tests = files.filter(({ path }) => path.endsWith('.test.ts'));
const sources = files.filter(({ path }) => !path.endsWith('.test.ts'));

/** All that a pattern captures in files, with where it stands. */
function captures(pattern: RegExp, of: typeof files): { path: string; id: string }[] {
  return of.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([, id = '']) => ({ path, id })),
  );
}

/** `[ID]` in a string: a title, or a row of the table that titles are made of. */
const titled = captures(new RegExp(String.raw`(?<=['"\x60\] ])\[(${ID})\]`, 'g'), tests);
const named = captures(new RegExp(`'(${ID})'`, 'g'), sources);

describe('SPEC.md', () => {
  it('has many rules', () => {
    expect(rows.length).toBeGreaterThanOrEqual(FEWEST_RULES);
  });

  it('gives each rule an id of its own, in one form', () => {
    expect(ids.filter((id) => !new RegExp(`^${ID}$`).test(id))).toEqual([]);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('says of each rule what it is, where it comes from, and for which versions', () => {
    const incomplete = rows.filter((cells) => cells.length !== 4 || cells.includes(''));
    expect(incomplete).toEqual([]);
  });
});

describe('rules and code', () => {
  it('each rule is in the title of a test (SEC-07)', () => {
    const tested = new Set(titled.map(({ id }) => id));
    expect(ids.filter((id) => !tested.has(id))).toEqual([]);
  });

  it('each id in a title of a test is a rule', () => {
    expect(titled.filter(({ id }) => !ids.includes(id))).toEqual([]);
  });

  it('each rule that a decision names is a rule', () => {
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ id }) => !ids.includes(id))).toEqual([]);
  });
});
