import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../cli/bin/hansa.mjs', import.meta.url));

/** A workspace as an organisation runs it: `hansa start` in a process of its own. */
export class WorkspaceProcess extends ServerProcess {
  /** Nothing runs before `resume`. */
  constructor(configFile: string, variables: Readonly<Record<string, string>> = {}) {
    super({
      name: 'hansa',
      file: process.execPath,
      args: [LAUNCHER, 'start', '--config', configFile],
      variables,
      saysReady: (line) => line.includes('"msg":"ready"'),
    });
  }

  /** Runs when it resolves. */
  static async start(configFile: string): Promise<WorkspaceProcess> {
    const workspace = new WorkspaceProcess(configFile);
    await workspace.resume();
    return workspace;
  }
}
