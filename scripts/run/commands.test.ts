import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { commands } from './commands.mjs';

const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
const run = (...args: string[]) =>
  runCaptured(process.execPath, ['scripts/run.mjs', ...args], { cwd: root });

it('every command is an npm script that goes through the one door', () => {
  const expected = commands.map(({ name }) => [name, `node scripts/run.mjs ${name}`]);
  expect(scripts).toEqual(Object.fromEntries(expected));
});

it('lists the commands when none is named', async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  for (const { name } of commands) expect(stdout).toContain(`npm run ${name} `);
});

it('refuses a command that is not there, and lists those that are', async () => {
  const { code, stdout, stderr } = await run('tset');
  expect(code).toBe(1);
  expect(stderr).toContain('"tset"');
  expect(stdout).toContain('npm run test ');
});

it.each(['interop', 'demo', 'test'])('explains %s without doing it', async (name) => {
  const { code, stdout, stderr } = await run(name, '--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stdout).toContain(`npm run ${name}: `);
});

it('hands on arguments and the exit code', async () => {
  const { code, stderr } = await run('check', 'no-such-step');
  expect(code).toBe(1);
  expect(stderr).toContain('No such step: no-such-step');
});
