import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/hansa.mjs', import.meta.url));
const STOP_GRACE_MS = 10_000;
const KEPT_LOG_LINES = 100;

/** A workspace as an organisation runs it: `hansa start` in a process of its own. */
export class WorkspaceProcess {
  readonly #configFile: string;
  #process: ChildProcess | undefined;

  private constructor(configFile: string) {
    this.#configFile = configFile;
  }

  static async start(configFile: string): Promise<WorkspaceProcess> {
    const workspace = new WorkspaceProcess(configFile);
    await workspace.resume();
    return workspace;
  }

  /**
   * Starts the process (again) on what is stored.
   * @throws Error with the end of its log when it ends before it is ready
   */
  async resume(): Promise<void> {
    const child = spawn(process.execPath, [LAUNCHER, 'start', '--config', this.#configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log: string[] = [];
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (log.length > KEPT_LOG_LINES) log.shift();
        if (line.includes('"ready"')) resolve();
      });
    }
    const ended = once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`hansa ended with ${String(code)} before it was ready:\n${log.join('\n')}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => {});
  }

  /** Asks it to end, as `systemctl stop` does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(impatient);
  }
}
