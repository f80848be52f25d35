import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerCommand {
  /** What it is called when it fails. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Besides those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether a line of its output says that it is ready. */
  readonly saysReady: (line: string) => boolean;
}

/** Bounds against a hang, not measures. */
const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 10_000;
const KEPT_LOG_LINES = 200;

/** A server in a process of its own, which may be stopped or killed and started again on what it stored. */
export class ServerProcess implements AsyncDisposable {
  readonly #command: ServerCommand;
  #process: ChildProcess | undefined;
  #log: string[] = [];
  #ended: Promise<number | null> = Promise.resolve(null);

  /** Nothing runs before `resume`. */
  constructor(command: ServerCommand) {
    this.#command = command;
  }

  /** Of the process. @throws Error where it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`${this.#command.name} does not run`);
    return pid;
  }

  /**
   * Starts the process (again), and waits until it is ready.
   * @throws Error with the end of its log when it ends before that, or takes too long
   */
  async resume(): Promise<void> {
    const { name, file, args, cwd, variables, saysReady } = this.#command;
    const child = spawn(file, args, {
      cwd,
      env: { ...ownEnvironment(), ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const log: string[] = [];
    this.#log = log;
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const fail = (what: string) => reject(new Error(`${name} ${what}:\n${log.join('\n')}`));
    const impatient = setTimeout(
      () => fail(`is not ready after ${START_PATIENCE_MS / 1000} s`),
      START_PATIENCE_MS,
    );
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (log.length > KEPT_LOG_LINES) log.shift();
        if (saysReady(line)) resolve();
      });
    }
    // After `close` its last words have been read; `exit` may come before them.
    this.#ended = new Promise((end) => child.once('close', end));
    child.on('error', reject);
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

  /** The last lines that it wrote. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** Its exit code, once it has ended by itself or was ended; `null` where a signal did. */
  get ended(): Promise<number | null> {
    return this.#ended;
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
    // What could not be started has no id.
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await exited;
    clearTimeout(impatient);
  }
}

/** Without what tests read from the environment, which a workspace would take for settings. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('HANSA_')),
  );
}
