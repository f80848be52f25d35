import { CORE, FREE, MAY_IMPORT } from '../../../.dependency-cruiser.js';
import { use, type Seed } from './seeds.ts';

const packages: readonly (readonly [name: string, others: readonly string[]])[] =
  Object.entries(MAY_IMPORT);
const names = packages.map(([name]) => name);

/** Every package imports every other: what its row lacks breaks a rule, the rest is how things are. */
const betweenPackages = packages.flatMap(([from, others]) =>
  names
    .filter((to) => to !== from)
    .map((to) => ({
      path: `packages/${from}/src/takes-${to}.ts`,
      // What the browser may take of the core is a rule of its own.
      text: from === 'web' ? `export type * from '@hansa/${to}/wire';\n` : use(`@hansa/${to}`),
      rule: others.includes(to) ? undefined : `direction-of-${from}`,
    })),
);

/** Every folder of the core imports every other, and the door. */
const betweenFolders = CORE.flatMap((from, height) =>
  [...CORE, 'index']
    .filter((to) => to !== from)
    .map((to) => ({
      path: `packages/protocol/src/${from}/takes-${to}.ts`,
      text: use(to === 'index' ? '../index.ts' : `../${to}/seed.ts`),
      rule: CORE.slice(0, height).includes(to) ? undefined : `core-from-the-ground-up-${from}`,
    })),
);

const all = [...betweenPackages, ...betweenFolders];

/** A file for each way that the tables of .dependency-cruiser.js close. */
export const TABLE_CROSSINGS: readonly Seed[] = all.flatMap(({ path, text, rule }) =>
  rule === undefined ? [] : [[path, text, rule] as const],
);

const open = all.flatMap(({ path, text, rule }) =>
  rule === undefined ? [[path, text] as const] : [],
);
const foundations = [
  ...CORE.map((name) => `packages/protocol/src/${name}/seed.ts`),
  ...names.map((name) => `packages/${name}/src/wire/index.ts`),
];

/** Files by path: one for each way that the tables leave open, and what all of them import. */
export const TABLE_WITHIN: Readonly<Record<string, string>> = Object.fromEntries<string>([
  ...open,
  ...foundations.map((path) => [path, 'export type Seed = string;\n'] as const),
  [`packages/${FREE}/src/takes-cli.ts`, use('@hansa/cli')],
]);
