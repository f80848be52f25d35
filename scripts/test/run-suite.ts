import { spawn } from 'node:child_process';
import { root } from '../process/root.ts';
import { judgeSuite, type Tally } from './tally.ts';

/** Runs a suite that speaks for itself: its output is passed on, its last line is its count. */
export async function runSuite(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Tally> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    output.push(chunk);
    process.stdout.write(chunk);
  });
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? 1));
  const code = await promise;
  return judgeSuite(Buffer.concat(output).toString('utf8'), code);
}
