import { expect, it } from 'vitest';
import { root } from './root.ts';
import { runCaptured } from './run-captured.ts';

/** Starts a process like itself, says its id, and stays. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const args = ['-e', 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)'];
  spawn(process.execPath, args, { stdio: 'inherit' });
  setInterval(() => {}, 1000);
`;

it('kills by the signal what was started, and what that started', async () => {
  // A pipe that the grandchild holds as well ends with the grandchild only.
  const signal = AbortSignal.timeout(1_000);
  const { code } = await runCaptured(process.execPath, ['-e', PARENT], { cwd: root, signal });
  expect(code).toBe(1);
});
