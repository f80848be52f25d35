import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { runCaptured, type Captured } from '../process/run-captured.ts';
import { listBoundaries, listLintRules } from './testing/configured-rules.ts';
import { TABLE_CROSSINGS, TABLE_WITHIN } from './testing/crossings.ts';
import { lintRules } from './testing/run-lint.ts';
import { SeededCheckout } from './testing/seeded-checkout.ts';
import { use, type Seed } from './testing/seeds.ts';
import { lines, SLIPS } from './testing/slips.ts';

/** Files that break a boundary. */
const CROSSINGS: readonly Seed[] = [
  ...TABLE_CROSSINGS,
  ['packages/homeserver/src/up.test.ts', use('@hansa/workspace'), 'direction-of-homeserver'],
  ['packages/newcomer/src/any.ts', use('@hansa/protocol'), 'package-not-listed'],
  ['packages/homeserver/src/kit.ts', use('@hansa/testkit'), 'testkit-only-in-tests'],
  ['packages/cli/src/kit.ts', use('@hansa/testkit'), 'testkit-only-in-tests'],
  ['packages/net/src/test.ts', use('./testing/fake.ts'), 'testing-only-in-tests'],
  ['packages/homeserver/src/path.ts', use('../../net/src/index.ts'), 'packages-by-name'],
  ['bench/path.ts', use('../packages/net/src/index.ts'), 'packages-by-name-from-outside'],
  ['packages/homeserver/src/inside.ts', use('@hansa/net/src/private.ts'), 'resolvable'],
  ['packages/cli/src/driver.ts', use('../../../bench/path.ts'), 'packages-know-no-driver'],
  ['packages/protocol/src/files.ts', use('node:fs'), 'core-is-pure'],
  ['packages/protocol/src/outside.ts', use('undici'), 'core-is-pure'],
  ['packages/homeserver/src/engine/up.ts', use('../sync/sync.ts'), 'engine-knows-no-face'],
  [
    'packages/homeserver/src/client-api/aside.ts',
    use('../federation-api/send.ts'),
    'faces-meet-in-the-engine',
  ],
  [
    'packages/homeserver/src/federation-api/out.ts',
    use('../federation/outbox.ts'),
    'faces-meet-in-the-engine',
  ],
  ['packages/homeserver/src/sync/route.ts', use('fastify'), 'fastify-only-in-http'],
  ['packages/homeserver/src/out.ts', use('undici'), 'undici-only-in-net'],
  ['packages/homeserver/src/sql.ts', use('kysely'), 'kysely-only-in-storage'],
  ['packages/storage/src/sql/driver.ts', use('pg'), 'pg-only-in-storage'],
  ['packages/web/src/value.ts', use('@hansa/protocol/wire'), 'web-only-by-import-type'],
  ['packages/web/src/core.ts', "export type * from '@hansa/protocol';\n", 'web-only-wire-types'],
  ['packages/net/src/one.ts', use('./two.ts'), 'no-cycle'],
];

/** Files that keep the rules, each near one that does not. */
const WITHIN: Readonly<Record<string, string>> = {
  ...TABLE_WITHIN,
  'packages/homeserver/src/engine/append.ts': use('../matrix-error.ts'),
  'packages/homeserver/src/federation-api/send.ts': use('../engine/append.ts'),
  'packages/homeserver/src/federation/outbox.ts': use('../engine/append.ts'),
  'packages/homeserver/src/federation/pair.test.ts': use('../federation-api/send.ts'),
  'packages/homeserver/src/http/create-app.ts': use('fastify'),
  'packages/homeserver/src/kit.test.ts': use('@hansa/testkit'),
  'packages/homeserver/src/matrix-error.ts': 'export const refusal = 1;\n',
  'packages/homeserver/src/sync/sync.ts': use('../engine/append.ts'),
  'packages/homeserver/src/undici.test.ts': use('undici'),
  'packages/net/src/undici.ts': use('undici'),
  'packages/net/src/testing/fake.ts': 'export const fake = 1;\n',
  'packages/net/src/private.ts': 'export const inside = 1;\n',
  'packages/protocol/src/hash.ts': use('node:crypto'),
  'packages/protocol/src/hash.test.ts': use('node:fs'),
  'packages/storage/src/postgres/driver.ts': use('pg'),
  'packages/storage/src/sql/build.ts': use('kysely'),
  'packages/web/src/type.ts': "export type { Event } from '@hansa/protocol/wire';\n",
  'demo/main.ts': use('@hansa/testkit'),
};

const KEPT = {
  'packages/net/src/short.ts': lines(400),
  'packages/net/src/short.test.ts': lines(800),
  'packages/cli/src/say.ts': 'console.log(1);\nexport {};\n',
};

const FORBIDDEN_FOLDERS = ['utils', 'common', 'shared', 'helpers', 'types'].map(
  (name) => `packages/net/src/${name}/thing.ts`,
);

const rulesOf = (seeds: readonly Seed[]): ReadonlySet<string> =>
  new Set(seeds.map(([, , rule]) => rule));

let checkout: SeededCheckout;
let boundaries: Captured;
let layout: Captured;
let lint: ReadonlyMap<string, readonly string[]>;

const runStep = (name: string, { root: folder }: SeededCheckout): Promise<Captured> =>
  runCaptured(process.execPath, [`scripts/check/${name}.ts`, '--root', folder], { cwd: root });

beforeAll(async () => {
  checkout = await SeededCheckout.create({
    ...WITHIN,
    ...KEPT,
    ...Object.fromEntries([...CROSSINGS, ...SLIPS].map(([path, text]) => [path, text])),
    ...Object.fromEntries(FORBIDDEN_FOLDERS.map((path) => [path, 'export {};\n'])),
  });
  [boundaries, layout, lint] = await Promise.all([
    runStep('boundaries', checkout),
    runStep('layout', checkout),
    lintRules(checkout.root),
  ]);
});
afterAll(() => checkout[Symbol.dispose]());

describe('the boundary check', () => {
  it('has a seed for each of its rules', () => {
    expect(rulesOf(CROSSINGS)).toEqual(new Set(listBoundaries()));
  });

  it('fails', () => {
    expect(boundaries.code).toBe(1);
  });

  it.each(CROSSINGS)('catches %s', (path, _text, rule) => {
    expect(boundaries.stderr).toContain(`${rule}: ${path} →`);
  });

  it.each(Object.keys(WITHIN))('lets pass %s', (path) => {
    expect(boundaries.stderr).not.toContain(`: ${path} →`);
  });

  it('looks at every file', () => expect(boundaries.stderr).not.toContain('not-cruised'));

  it('fails for a file that it did not look at', async () => {
    const files = { 'packages/net/src/seen.ts': lines(1), 'packages/cli/src/unseen.ts': lines(1) };
    using blind = await SeededCheckout.create(files);
    blind.write(
      '.dependency-cruiser.js',
      `import config from '${root}/.dependency-cruiser.js';
       export default { ...config, options: { ...config.options, exclude: '^packages/cli/' } };`,
    );
    const run = await runStep('boundaries', blind);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('not-cruised: packages/cli/src/unseen.ts');
    expect(run.stderr).not.toContain('seen.ts →');
  });
});

describe('the linter', () => {
  it('has a seed for each rule that we name', () => {
    expect(rulesOf(SLIPS)).toEqual(new Set(listLintRules()));
  });

  it.each(SLIPS)('catches %s', (path, _text, rule) => {
    expect(lint.get(path)).toContain(rule);
  });

  it.each(Object.keys(KEPT))('lets pass %s', (path) => {
    expect(lint.get(path)).toBeUndefined();
  });
});

describe('the layout check', () => {
  it('fails', () => expect(layout.code).toBe(1));

  it.each(FORBIDDEN_FOLDERS)('catches %s', (path) => {
    expect(layout.stderr).toContain(`forbidden-folder: ${path}\n`);
  });

  it('lets others pass', () => {
    expect(layout.stderr.match(/forbidden-folder/g)).toHaveLength(FORBIDDEN_FOLDERS.length);
  });
});
