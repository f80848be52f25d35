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
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.on('error', (error) => {
    resolve({ code: 1, stdout: '', stderr: `${command} could not be started: ${error.message}\n` });
  });
  child.on('close', (code) => {
    resolve({ code: code ?? 1, stdout: textOf(stdout), stderr: textOf(stderr) });
  });
  return promise;
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
