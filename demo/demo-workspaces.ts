import { WorkspaceProcess, writeNetworkFiles } from '@hansa/testkit';

/** One of the two organisations of the demo. */
export interface DemoWorkspace {
  readonly serverName: string;
  readonly clientUrl: string;
  readonly process: WorkspaceProcess;
}

const SERVER_NAMES = ['harbour.example', 'lighthouse.example'] as const;

/**
 * Two workspaces of different domains on loopback that know each other's address, with an authority of their own.
 * Their processes end with `running`, also when one of them does not start.
 */
export async function startDemoWorkspaces(
  folder: string,
  running: AsyncDisposableStack,
  print: (line: string) => void,
): Promise<readonly [DemoWorkspace, DemoWorkspace]> {
  print(`Starting the workspaces ${SERVER_NAMES.join(' and ')} …`);
  const places = await writeNetworkFiles({ folder, serverNames: SERVER_NAMES });
  const [harbour, lighthouse] = await Promise.all(
    places.map(async ({ serverName, clientUrl, configFile }): Promise<DemoWorkspace> => {
      const process = running.use(new WorkspaceProcess(configFile));
      await process.resume();
      return { serverName, clientUrl, process };
    }),
  );
  if (harbour === undefined || lighthouse === undefined) {
    throw new Error('two workspaces were asked for');
  }
  return [harbour, lighthouse];
}
