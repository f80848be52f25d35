import { spawn } from 'node:child_process';
import { root } from './root.ts';

/** Runs this Node on a file with this process's own streams. Answers its exit code, 1 where a signal ended it. */
export function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  // A signal to the group reaches the child too; one to this process alone is handed on.
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', handOn).on('SIGHUP', handOn).on('SIGINT', ignore);
  child.on('error', reject);
  child.on('exit', (code) => {
    process.off('SIGTERM', handOn).off('SIGHUP', handOn).off('SIGINT', ignore);
    resolve(code ?? 1);
  });
  return promise;
}

function ignore(): void {}
