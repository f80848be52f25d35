import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/hansa.mjs', import.meta.url));

/** A workspace as an organisation runs it: `hansa start` in a process of its own. */
export class WorkspaceProcess extends ServerProcess {
  /** Nothing runs before `resume`. */
  constructor(configFile: string, nodeOptions: readonly string[] = []) {
    super({
      name: 'hansa',
      file: process.execPath,
      args: [...nodeOptions, LAUNCHER, 'start', '--config', configFile],
      saysReady: (line) => line.includes('"msg":"ready"'),
    });
  }

  /** Runs when it resolves. */
  static async start(
    configFile: string,
    nodeOptions: readonly string[] = [],
  ): Promise<WorkspaceProcess> {
    const workspace = new WorkspaceProcess(configFile, nodeOptions);
    await workspace.resume();
    return workspace;
  }
}
