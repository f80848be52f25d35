import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess } from '../process/server-process.ts';
import { synapseConfig, synapseLogConfig, type SynapseSettings } from './synapse-config.ts';

const run = promisify(execFile);

/** A real Synapse on loopback, from a Python environment that has it installed. */
export class Synapse extends ServerProcess {
  readonly settings: SynapseSettings;

  private constructor(python: string, args: readonly string[], settings: SynapseSettings) {
    super({
      name: 'Synapse',
      file: python,
      args,
      cwd: settings.folder,
      saysReady: (line) =>
        line.includes('Synapse now listening') && line.includes(`port ${settings.clientPort}`),
    });
    this.settings = settings;
  }

  /** @throws Error with what it said when it ends before it listens */
  static async start(python: string, settings: SynapseSettings): Promise<Synapse> {
    const synapse = await Synapse.prepare(python, settings);
    await synapse.resume();
    return synapse;
  }

  /** Writes its files. Nothing runs before `resume`. */
  static async prepare(python: string, settings: SynapseSettings): Promise<Synapse> {
    const { folder } = settings;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'log.yaml'), synapseLogConfig(join(folder, 'synapse.log')));
    const configFile = join(folder, 'homeserver.yaml');
    await writeFile(configFile, synapseConfig(settings));
    const args = ['-m', 'synapse.app.homeserver', '-c', configFile];
    await run(python, [...args, '--generate-keys'], { cwd: folder });
    return new Synapse(python, args, settings);
  }

  get clientUrl(): string {
    return `http://127.0.0.1:${this.settings.clientPort}`;
  }
}
