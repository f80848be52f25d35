import { use, type Seed } from './seeds.ts';

/** Text of a module of so many lines. */
export function lines(count: number): string {
  return 'export {};\n'.repeat(count);
}

const inNet = (name: string, text: string, rule: string): Seed => [
  `packages/net/src/${name}.ts`,
  `${text}\n`,
  rule,
];

/** Two files or one for each rule that .oxlintrc.jsonc names, in the words of the linter's report. */
export const SLIPS: readonly Seed[] = [
  // House rules.
  ['packages/net/src/long.ts', lines(401), 'eslint(max-lines)'],
  ['packages/net/src/long.test.ts', lines(801), 'eslint(max-lines)'],
  [
    'packages/storage/src/clock.ts',
    'export const at = Date.now();\n',
    'hansa(effects-are-handed-in)',
  ],
  ['packages/protocol/src/place.ts', 'export const at = process.cwd();\n', 'hansa(core-is-pure)'],
  inNet('default', 'export default 1;', 'import(no-default-export)'),
  inNet('two', use('./one.ts'), 'import(no-cycle)'),
  inNet('say', 'console.log(1);\nexport {};', 'eslint(no-console)'),
  inNet('camelCase', 'export {};', 'unicorn(filename-case)'),

  // Promises.
  inNet(
    'floating',
    'export function start(work: () => Promise<void>): void {\n  work();\n}',
    'typescript(no-floating-promises)',
  ),
  inNet(
    'misused',
    'export const start = (work: () => Promise<boolean>) => (work() ? 1 : 2);',
    'typescript(no-misused-promises)',
  ),
  inNet('not-thenable', 'export const a = await 1;', 'typescript(await-thenable)'),
  inNet(
    'return-await',
    'export async function a(work: () => Promise<number>): Promise<number> {\n' +
      '  try {\n    return work();\n  } catch {\n    return 0;\n  }\n}',
    'typescript(return-await)',
  ),

  // Types.
  inNet('any', 'export const a: any = 1;', 'typescript(no-explicit-any)'),
  inNet('assignment', "export const a = JSON.parse('1');", 'typescript(no-unsafe-assignment)'),
  inNet('call', "JSON.parse('1')();\nexport {};", 'typescript(no-unsafe-call)'),
  inNet(
    'access',
    "export const a = String(JSON.parse('1').b);",
    'typescript(no-unsafe-member-access)',
  ),
  inNet(
    'return',
    "export const a = (): string => JSON.parse('1');",
    'typescript(no-unsafe-return)',
  ),
  inNet(
    'argument',
    "export const a = Number.parseInt(JSON.parse('1'));",
    'typescript(no-unsafe-argument)',
  ),
  inNet(
    'non-null',
    'export const a = (b?: string): string => b!;',
    'typescript(no-non-null-assertion)',
  ),
  inNet(
    'exhaustive',
    "export function a(b: 'x' | 'y'): void {\n  switch (b) {\n    case 'x':\n  }\n}",
    'typescript(switch-exhaustiveness-check)',
  ),
  inNet(
    'type-import',
    "import { Seed } from './wire/index.ts';\nexport type A = Seed;",
    'typescript(consistent-type-imports)',
  ),
  inNet(
    'side-effect',
    "import { type Seed } from './wire/index.ts';\nexport type A = Seed;",
    'typescript(no-import-type-side-effects)',
  ),
  inNet('namespace', 'export namespace A {\n  export const b = 1;\n}', 'typescript(no-namespace)'),
  inNet(
    'parameter-property',
    'export class A {\n  constructor(readonly b: string) {}\n}',
    'typescript(parameter-properties)',
  ),
  inNet('throw', "export function a(): never {\n  throw 'b';\n}", 'typescript(only-throw-error)'),

  // One way to write a thing.
  inNet('equal', 'export const a = (b: number): boolean => b == 1;', 'eslint(eqeqeq)'),
  inNet('var', 'export var a = 1;', 'eslint(no-var)'),
  inNet('let', 'let a = 1;\nexport { a };', 'eslint(prefer-const)'),
  inNet('protocol', use('path'), 'unicorn(prefer-node-protocol)'),
  inNet('unused', 'const a = 1;\nexport {};', 'eslint(no-unused-vars)'),
  inNet(
    'twice',
    "import { a } from './wire/index.ts';\nimport { b } from './wire/index.ts';\nexport const c = [a, b];",
    'import(no-duplicates)',
  ),
];
