import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededCheckout } from '../check/testing/seeded-checkout.ts';
import { lintRules } from '../check/testing/run-lint.ts';

const RULE = 'hansa(effects-are-handed-in)';

/** Each is a module of its own. */
const EFFECTS = [
  'export const a = Date.now();',
  'export const a = new Date();',
  'export const a = Date();',
  'export const a = performance.now();',
  'export const a = Math.random();',
  'export const a = crypto.randomUUID();',
  'export const a = setTimeout(() => {}, 1);',
  'export const a = setInterval(() => {}, 1);',
  'export const a = setImmediate(() => {});',
  'export const a = globalThis.setTimeout(() => {}, 1);',
  'export const a = globalThis.setInterval(() => {}, 1);',
  'export const a = globalThis.setImmediate(() => {});',
  'export const a = AbortSignal.timeout(1);',
  "export const a = fetch('x');",
  "export const a = globalThis.fetch('x');",
  'export const a = process.hrtime.bigint();',
  "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(1);",
  "import { randomUUID as id } from 'node:crypto';\nexport const a = id();",
  "import { generateKeyPairSync } from 'node:crypto';\nexport const a = generateKeyPairSync('ed25519');",
  "import crypto from 'node:crypto';\nexport const a = crypto.randomInt(2);",
  "import * as crypto from 'crypto';\nexport const a = crypto.randomFillSync(Buffer.alloc(1));",
  ...['fs', 'net', 'tls', 'dns', 'http', 'https', 'timers', 'child_process', 'worker_threads'].map(
    (name) => `import * as a from 'node:${name}';\nexport { a };`,
  ),
  "import { readFile } from 'fs/promises';\nexport { readFile };",
  "import { performance as p } from 'node:perf_hooks';\nexport { p };",
  "export { request } from 'node:http';",
  "export * from 'node:dns';",
  "export const a = await import('node:net');",
  // Ways around.
  'export const a = Date.now;',
  "export const a = Math['random']();",
  'export const { now } = Date;',
  'export const { fetch: a } = globalThis;',
  'export const D = Date;',
  'export const a = (globalThis as { setTimeout?: unknown }).setTimeout;',
  'export const a = globalThis.Date.now();',
  "export const a = process.getBuiltinModule('fs');",
  "export const a = import('node:' + 'fs');",
  'export const a = import(`node:fs`);',
  'export const a = (name: string) => import(name);',
];

const PURE = [
  'export const a = new Date(4);',
  "export const a = Date.parse('2026-01-01');",
  'export const a = (x: unknown) => x instanceof Date;',
  'export const a = Math.max(1, 2);',
  'export const a = new AbortController().signal;',
  'export type Timer = ReturnType<typeof setTimeout>;',
  'export const a = (fetch: (x: string) => string) => fetch("x");',
  'export const a = (clock: { now(): number }) => clock.now();',
  'export class Timers { setTimeout(): void {} }',
  "export const a = import('node:path');",
  "import type { Socket } from 'node:net';\nexport type S = Socket;",
  "import { createHash } from 'node:crypto';\nexport const a = createHash('sha256');",
  "import crypto from 'node:crypto';\nexport const a = crypto.createHash('sha256');",
];

/** Where effects are at home. */
const OWNERS = [
  'packages/storage/src/sqlite/connection.ts',
  'packages/storage/src/postgres/outage.ts',
  'packages/net/src/connect.ts',
  'packages/cli/src/start.ts',
  'packages/workspace/src/main.ts',
  'packages/workspace/src/effects/clock.ts',
  'packages/testkit/src/network.ts',
  'packages/protocol/src/json/parse.test.ts',
  'bench/main.ts',
  'demo/main.ts',
  'interop/main.ts',
  'scripts/main.ts',
];

/** Where they are not. */
const OTHERS = [
  'packages/protocol/src/json/parse.ts',
  'packages/storage/src/sql/rows.ts',
  'packages/homeserver/src/engine/lane.ts',
  'packages/workspace/src/context.ts',
  'packages/classic/src/envelope.ts',
];

const [effectFile, pureFile] = ['effect', 'pure'].map(
  (kind) => (index: number) => `packages/homeserver/src/${kind}-${index}.ts`,
) as [(index: number) => string, (index: number) => string];

describe('effects are handed in', () => {
  let checkout: SeededCheckout;
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    checkout = await SeededCheckout.create(
      Object.fromEntries([
        ...EFFECTS.map((text, index) => [effectFile(index), text]),
        ...PURE.map((text, index) => [pureFile(index), text]),
        ...[...OWNERS, ...OTHERS].map((path) => [path, 'export const a = Date.now();']),
      ]),
    );
    found = await lintRules(checkout.root);
  });
  afterAll(() => checkout[Symbol.dispose]());

  it.each(EFFECTS.map((text, index) => [text, index] as const))('catches %s', (_, index) => {
    expect(found.get(effectFile(index))).toContain(RULE);
  });

  it.each(PURE.map((text, index) => [text, index] as const))('lets pass %s', (_, index) => {
    expect(found.get(pureFile(index)) ?? []).not.toContain(RULE);
  });

  it.each(OWNERS)('lets %s have effects', (path) => {
    expect(found.get(path) ?? []).not.toContain(RULE);
  });

  it.each(OTHERS)('lets %s have none', (path) => {
    expect(found.get(path)).toContain(RULE);
  });
});
