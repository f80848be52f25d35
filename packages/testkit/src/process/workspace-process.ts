import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/hansa.mjs', import.meta.url));

export interface ProcessOptions {
  /** Of Node, before what it runs. */
  readonly nodeOptions?: readonly string[];
  /** Of the environment, besides its own. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A workspace as an organisation runs it: `hansa start` in a process of its own. */
export class WorkspaceProcess extends ServerProcess {
  /** Nothing runs before `resume`. */
  constructor(configFile: string, { nodeOptions = [], variables = {} }: ProcessOptions = {}) {
    super({
      name: 'hansa',
      file: process.execPath,
      args: [...nodeOptions, LAUNCHER, 'start', '--config', configFile],
      variables,
      saysReady: (line) => line.includes('"msg":"ready"'),
    });
  }

  /** Runs when it resolves. */
  static async start(configFile: string, options: ProcessOptions = {}): Promise<WorkspaceProcess> {
    const workspace = new WorkspaceProcess(configFile, options);
    await workspace.resume();
    return workspace;
  }
}
