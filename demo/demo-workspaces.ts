import { join } from 'node:path';
import { freePort, TestCa, WorkspaceProcess, writeWorkspaceFiles } from '@hansa/testkit';

/** One of the two organisations of the demo. */
export interface DemoWorkspace {
  readonly serverName: string;
  readonly clientUrl: string;
  readonly process: WorkspaceProcess;
}

const SERVER_NAMES = ['harbour.example', 'lighthouse.example'] as const;

/** Two workspaces of different domains on loopback that know each other's address, with an authority of their own. */
export async function startDemoWorkspaces(
  folder: string,
): Promise<readonly [DemoWorkspace, DemoWorkspace]> {
  const ca = await TestCa.create();
  const ports = await Promise.all(
    SERVER_NAMES.map(async (serverName) => ({
      serverName,
      clientPort: await freePort(),
      federationPort: await freePort(),
    })),
  );
  const hosts = Object.fromEntries(
    ports.map(({ serverName, federationPort }) => [serverName, `127.0.0.1:${federationPort}`]),
  );
  const started = await Promise.all(
    ports.map(async ({ serverName, clientPort, federationPort }): Promise<DemoWorkspace> => {
      const configFile = await writeWorkspaceFiles({
        folder: join(folder, serverName),
        serverName,
        clientPort,
        federationPort,
        identity: await ca.issue([serverName]),
        authority: ca.certificate,
        hosts,
      });
      const process = await WorkspaceProcess.start(configFile);
      return { serverName, clientUrl: `http://127.0.0.1:${clientPort}`, process };
    }),
  );
  const [harbour, lighthouse] = started;
  if (harbour === undefined || lighthouse === undefined)
    throw new Error('two workspaces were asked for');
  return [harbour, lighthouse];
}
