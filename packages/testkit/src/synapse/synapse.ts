import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { synapseConfig, synapseLogConfig, type SynapseSettings } from './synapse-config.ts';

const STOP_GRACE_MS = 10_000;
const KEPT_LOG_LINES = 200;

/** A real Synapse on loopback, from a Python environment that has it installed. */
export class Synapse {
  readonly settings: SynapseSettings;
  readonly #python: string;
  #process: ChildProcess | undefined;

  private constructor(python: string, settings: SynapseSettings) {
    this.#python = python;
    this.settings = settings;
  }

  /** @throws Error with the end of its log when it ends before it listens */
  static async start(python: string, settings: SynapseSettings): Promise<Synapse> {
    await mkdir(settings.folder, { recursive: true });
    const logFile = join(settings.folder, 'synapse.log');
    await writeFile(join(settings.folder, 'log.yaml'), synapseLogConfig(logFile));
    await writeFile(join(settings.folder, 'homeserver.yaml'), synapseConfig(settings));
    const synapse = new Synapse(python, settings);
    await synapse.#run('--generate-keys');
    await synapse.resume();
    return synapse;
  }

  get clientUrl(): string {
    return `http://127.0.0.1:${this.settings.clientPort}`;
  }

  /** Starts the process again on what an earlier one left behind. */
  async resume(): Promise<void> {
    const child = this.#spawn();
    this.#process = child;
    const log: string[] = [];
    const { promise: listening, resolve } = Promise.withResolvers<void>();
    if (child.stderr === null) throw new Error('Synapse was started without a pipe for its log');
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      if (log.length > KEPT_LOG_LINES) log.shift();
      if (
        line.includes('Synapse now listening') &&
        line.includes(`port ${this.settings.clientPort}`)
      ) {
        resolve();
      }
    });
    const ended = once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`Synapse ended with ${String(code)} before it listened:\n${log.join('\n')}`);
    });
    await Promise.race([listening, ended]);
    ended.catch(() => {});
  }

  /** Ends the process; what it stored stays. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(impatient);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(...more: readonly string[]): ChildProcess {
    const config = join(this.settings.folder, 'homeserver.yaml');
    return spawn(this.#python, ['-m', 'synapse.app.homeserver', '-c', config, ...more], {
      cwd: this.settings.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  async #run(option: string): Promise<void> {
    const child = this.#spawn(option);
    const output: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => output.push(text));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`Synapse ${option} ended with ${code}:\n${output.join('')}`);
  }
}
