import { spawn } from 'node:child_process';

export interface Captured {
  /** Exit code; 1 where a signal ended it or it could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Kills it, and what it started; a signal to this process's group no longer reaches them. */
  readonly signal?: AbortSignal;
}

/** Runs a command to its end and keeps what it said. A command that cannot be started is one that failed. */
export function runCaptured(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Captured> {
  const { promise, resolve } = Promise.withResolvers<Captured>();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.signal !== undefined,
  });
  const kill = (): void => killGroup(child.pid);
  options.signal?.addEventListener('abort', kill);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.on('error', (error) => {
    resolve({ code: 1, stdout: '', stderr: `${command} could not be started: ${error.message}\n` });
  });
  child.on('close', (code) => {
    options.signal?.removeEventListener('abort', kill);
    resolve({ code: code ?? 1, stdout: textOf(stdout), stderr: textOf(stderr) });
  });
  return promise;
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
