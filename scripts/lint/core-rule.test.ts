import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintRules } from '../check/testing/run-lint.ts';
import { SeededCheckout } from '../check/testing/seeded-checkout.ts';

const RULE = 'hansa(core-is-pure)';

/** Each is a module of its own in the core. */
const IMPURE = [
  "export const a = process.env['HOME'];",
  'export const a = process.argv;',
  "process.stdout.write('a');\nexport {};",
  'export const a = process.memoryUsage();',
  'export const a = process.cpuUsage();',
  'process.nextTick(() => {});\nexport {};',
  'export const a = new Intl.DateTimeFormat().format();',
  'queueMicrotask(() => {});\nexport {};',
  'export const a = new MessageChannel();',
  'export const a = Atomics.waitAsync(new Int32Array(1), 0, 0, 1);',
  'export const a = new WeakRef({});',
  'export const a = new Date(0).getHours();',
  'export const a = Promise.resolve();',
  "export const a = eval('1');",
  "export const a = new Function('return 1');",
  "console.log('a');\nexport {};",
  'export const a = navigator.language;',
  "export const a = 'a'.localeCompare('b');",
  "export const a = ['b'].toSorted((one, other) => one.localeCompare(other));",
  'export const a = (1.5).toLocaleString();',
  "export const a = 'I'.toLocaleLowerCase();",
  "export const a = 'a'['localeCompare']('b');",
  "export const { localeCompare: a } = 'a';",
  "export const a = import('node:' + 'fs');",
  "export const a = import('./other.ts');",
  'export const a = import.meta.dirname;',
  // Ways around.
  'export const { env: a } = globalThis.process;',
  "export const a = globalThis['process'];",
  'export const a = (globalThis as { Intl?: unknown }).Intl;',
  'export const a = { process };',
  "const process = 'a';\nexport const a = () => ({ process, b: Intl });",
];

const PURE = [
  'export const a = new Map([[Symbol.iterator, new Uint8Array(1)]]);',
  "export const a = Buffer.from('a').compare(Buffer.from('b'));",
  'export const a = (process: { env: string }) => process.env;',
  "export const a = { process: 'a', Intl: 1 };",
  'export type A = ReturnType<typeof queueMicrotask>;',
  'export const a = (one: string, other: string) => (one < other ? -1 : 1);',
  "export const a = 'I'.toLowerCase();",
  "import { createHash } from 'node:crypto';\nexport const a = createHash('sha256');",
];

const PROCESS = "export const a = process.env['HANSA_SEED'];\n";
/** Where the environment may be read. */
const OTHERS = [
  'packages/protocol/src/json/parse.test.ts',
  'packages/protocol/src/testing/runs.ts',
  'packages/workspace/src/config/read-environment.ts',
];

const [impureFile, pureFile] = ['impure', 'pure'].map(
  (kind) => (index: number) => `packages/protocol/src/json/${kind}-${index}.ts`,
) as [(index: number) => string, (index: number) => string];

describe('the core is pure', () => {
  let checkout: SeededCheckout;
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    checkout = await SeededCheckout.create(
      Object.fromEntries([
        ...IMPURE.map((text, index) => [impureFile(index), text]),
        ...PURE.map((text, index) => [pureFile(index), text]),
        ...OTHERS.map((path) => [path, PROCESS]),
      ]),
    );
    found = await lintRules(checkout.root);
  });
  afterAll(() => checkout[Symbol.dispose]());

  it.each(IMPURE.map((text, index) => [text, index] as const))('catches %s', (_, index) => {
    expect(found.get(impureFile(index))).toContain(RULE);
  });

  it.each(PURE.map((text, index) => [text, index] as const))('lets pass %s', (_, index) => {
    expect(found.get(pureFile(index)) ?? []).not.toContain(RULE);
  });

  it.each(OTHERS)('lets %s read the environment', (path) => {
    expect(found.get(path) ?? []).not.toContain(RULE);
  });
});
