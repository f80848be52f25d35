import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** By `npm test`; `undefined`, and said so, where there is none. */
export function findStrace(): string | undefined {
  const program = process.env['HANSA_STRACE'];
  if (program !== undefined && program !== '') return program;
  process.stderr.write('SKIPPED: no system call is looked at: HANSA_STRACE is not set\n');
  return undefined;
}

/** strace at a process that runs. Disposing lets go of it, and everything that it saw is written. */
export class Strace implements AsyncDisposable {
  readonly #strace: ChildProcess;

  private constructor(strace: ChildProcess) {
    this.#strace = strace;
  }

  /** It sees everything that happens once this resolves. */
  static async attach(program: string, pid: number, options: readonly string[]): Promise<Strace> {
    const args = ['--follow-forks', ...options, '--attach', String(pid)];
    const strace = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const { promise: attached, resolve, reject } = Promise.withResolvers<void>();
    let said = '';
    strace.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(' attached')) resolve();
    });
    strace.once('error', reject);
    strace.once('close', () => reject(new Error(`strace ended:\n${said}`)));
    await attached;
    return new Strace(strace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#strace.exitCode !== null || this.#strace.signalCode !== null) return;
    const ended = once(this.#strace, 'close');
    this.#strace.kill('SIGINT');
    await ended;
  }
}
