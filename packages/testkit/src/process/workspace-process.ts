import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/hansa.mjs', import.meta.url));
const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;
const KEPT_LOG_LINES = 100;

/** A workspace as an organisation runs it: `hansa start` in a process of its own. */
export class WorkspaceProcess implements AsyncDisposable {
  readonly #configFile: string;
  #process: ChildProcess | undefined;

  /** Nothing runs before `resume`. */
  constructor(configFile: string) {
    this.#configFile = configFile;
  }

  /** Runs when it resolves. */
  static async start(configFile: string): Promise<WorkspaceProcess> {
    const workspace = new WorkspaceProcess(configFile);
    await workspace.resume();
    return workspace;
  }

  /**
   * Starts the process (again) on what is stored, and waits until it is ready.
   * @throws Error with the end of its log when it ends before that, or takes too long
   */
  async resume(): Promise<void> {
    const child = spawn(process.execPath, [LAUNCHER, 'start', '--config', this.#configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log: string[] = [];
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const fail = (what: string) => reject(new Error(`hansa ${what}:\n${log.join('\n')}`));
    const impatient = setTimeout(() => fail('is not ready after a minute'), START_PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (log.length > KEPT_LOG_LINES) log.shift();
        if (line.includes('"msg":"ready"')) resolve();
      });
    }
    // After `close` its last words have been read; `exit` may come before them.
    child.on('close', (code) => fail(`ended with ${String(code)} before it was ready`));
    try {
      await ready;
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      clearTimeout(impatient);
    }
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
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await exited;
    clearTimeout(impatient);
  }
}
