import { join } from 'node:path';
import { freePort, TestCa, WorkspaceProcess, writeWorkspaceFiles } from '@hansa/testkit';

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
  const ca = await TestCa.create();
  const ports = await distinctPorts(2 * SERVER_NAMES.length);
  const places = SERVER_NAMES.map((serverName, index) => {
    const [clientPort = 0, federationPort = 0] = ports.slice(2 * index);
    return { serverName, clientPort, federationPort };
  });
  const hosts = Object.fromEntries(
    places.map(({ serverName, federationPort }) => [serverName, `127.0.0.1:${federationPort}`]),
  );
  const [harbour, lighthouse] = await Promise.all(
    places.map(async ({ serverName, clientPort, federationPort }): Promise<DemoWorkspace> => {
      const configFile = await writeWorkspaceFiles({
        folder: join(folder, serverName),
        serverName,
        clientPort,
        federationPort,
        identity: await ca.issue([serverName]),
        authority: ca.certificate,
        hosts,
      });
      const process = running.use(new WorkspaceProcess(configFile));
      await process.resume();
      return { serverName, clientUrl: `http://127.0.0.1:${clientPort}`, process };
    }),
  );
  if (harbour === undefined || lighthouse === undefined) {
    throw new Error('two workspaces were asked for');
  }
  return [harbour, lighthouse];
}

async function distinctPorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
