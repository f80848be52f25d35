import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { runCaptured, type Captured } from '../process/run-captured.ts';

let checkout: string;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
};
const run = (...args: string[]): Promise<Captured> =>
  runCaptured(process.execPath, ['scripts/run.mjs', 'check', ...args], { cwd: checkout });
const touchLockfile = (atMs: number): void =>
  utimesSync(join(checkout, 'package-lock.json'), atMs / 1000, atMs / 1000);

/** The door, before a command that prints what it is given, with a dependency that needs no registry. */
beforeEach(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'hansa-run-'));
  cpSync(join(root, 'scripts/run.mjs'), join(checkout, 'scripts/run.mjs'));
  cpSync(join(root, 'scripts/run'), join(checkout, 'scripts/run'), { recursive: true });
  write('scripts/check/main.ts', 'console.log("ran", ...process.argv.slice(2) as string[]);\n');
  write('thing/package.json', '{ "name": "thing", "version": "1.0.0" }');
  write('package.json', '{ "name": "door", "dependencies": { "thing": "file:thing" } }');
  const lock = ['install', '--package-lock-only', '--offline', '--no-audit', '--no-fund'];
  await runCaptured('npm', lock, { cwd: checkout });
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

it('installs what is missing, says so on stderr, and runs the command', async () => {
  const { code, stdout, stderr } = await run('types');
  expect(stderr).toContain('missing: npm ci');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ran types\n' });

  const again = await run('types');
  expect(again).toEqual({ code: 0, stdout: 'ran types\n', stderr: '' });
});

it('installs again when the lockfile is newer', async () => {
  await run();
  touchLockfile(Date.now() + 60_000);
  const { stderr } = await run();
  expect(stderr).toContain('older than package-lock.json: npm ci');
});

it('says nothing where the output is one JSON document', async () => {
  const { stdout, stderr } = await run('--json');
  expect({ stdout, stderr }).toEqual({ stdout: 'ran --json\n', stderr: '' });
});

it('ends with what npm said when it cannot install', async () => {
  rmSync(join(checkout, 'package-lock.json'));
  const { code, stdout, stderr } = await run('--json');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('npm ci failed');
});

it('installs again what was left half installed, and waits for who is at it', async () => {
  await run();
  write('.cache/installing', String(2 ** 22 + 1));
  const half = await run();
  expect(half.stderr).toContain('left half installed: npm ci');
  expect((await run()).stderr).toBe('');

  rmSync(join(checkout, 'node_modules'), { recursive: true });
  const both = await Promise.all([run(), run()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const said = both.map(({ stderr }) => stderr).join('');
  expect(said.match(/npm ci …\n/g)).toHaveLength(1);
});
