import { join } from 'node:path';
import {
  freePort,
  type ServerProcess,
  TestCa,
  WorkspaceProcess,
  writeWorkspaceFiles,
} from '@hansa/testkit';
import { againstSynapse } from '../against-synapse.ts';
import { contestOf } from '../contest-of.ts';
import { startToFirstAnswer } from '../first-answer.ts';
import { temporaryFolder } from '../hansa-servers.ts';
import type { Candidate, Row } from '../row.ts';
import { prepareSynapse } from '../synapse-servers.ts';
import { floorProcess } from '../start-floor.ts';

/** Writes what a server needs that was never started, or was. */
type MakeServer = (
  running: AsyncDisposableStack,
) => Promise<{ readonly process: ServerProcess; readonly url: string }>;

/** W9: from the start of the process to the first answer over HTTP. */
export const startRows: readonly Row[] = [
  {
    id: 'W9/first',
    title: 'first start to first answer, nothing stored, nothing compiled',
    operation: 'start',
    unit: 'ms',
    pairs: 7,
    prepare: () => ({
      ours: firstStarts('hansa', hansaServer),
      reference: firstStarts('floor', floorServer),
    }),
  },
  {
    id: 'W9/later',
    title: 'later start to first answer',
    operation: 'start',
    unit: 'ms',
    pairs: 7,
    prepare: () =>
      contestOf(async (running) => ({
        ours: await laterStarts('hansa', hansaServer, running),
        reference: await laterStarts('floor', floorServer, running),
      })),
  },
  againstSynapse(
    {
      id: 'W9/first-synapse',
      title: 'first start to first answer, nothing stored, nothing compiled',
      operation: 'start',
      unit: 'ms',
      goal: { says: "at most 0.7× Synapse's", factor: 0.7 },
      pairs: 5,
    },
    async (_running, python) => ({
      ours: firstStarts('hansa', hansaServer),
      reference: firstStarts('synapse', (running) => synapseServer(running, python)),
    }),
  ),
  againstSynapse(
    {
      id: 'W9/later-synapse',
      title: 'later start to first answer',
      operation: 'start',
      unit: 'ms',
      goal: { says: "at most 0.4× Synapse's", factor: 0.4 },
      pairs: 7,
    },
    async (running, python) => ({
      ours: await laterStarts('hansa', hansaServer, running),
      reference: await laterStarts('synapse', (stack) => synapseServer(stack, python), running),
    }),
  ),
];

function firstStarts(name: string, make: MakeServer): Candidate {
  return {
    name,
    block: async () => {
      await using running = new AsyncDisposableStack();
      const { process, url } = await make(running);
      return { cost: await startToFirstAnswer(process, url), operations: 1 };
    },
  };
}

async function laterStarts(
  name: string,
  make: MakeServer,
  running: AsyncDisposableStack,
): Promise<Candidate> {
  const { process, url } = await make(running);
  return {
    name,
    block: async () => {
      // The first of all is the one that warms up.
      const cost = await startToFirstAnswer(process, url);
      await process.stop();
      return { cost, operations: 1 };
    },
  };
}

async function hansaServer(running: AsyncDisposableStack) {
  const folder = await temporaryFolder(running);
  const clientPort = await freePort();
  const serverName = 'starter.bench';
  const configFile = await writeWorkspaceFiles({ folder, serverName, clientPort });
  // What Node compiled for others would make a first start a later one.
  const variables = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const process = running.use(new WorkspaceProcess(configFile, variables));
  return { process, url: `http://127.0.0.1:${clientPort}` };
}

async function floorServer(running: AsyncDisposableStack) {
  const folder = await temporaryFolder(running);
  const port = await freePort();
  const process = floorProcess(running, 'local-send', [folder, port, 'starter.bench', 'token']);
  return { process, url: `http://127.0.0.1:${port}` };
}

async function synapseServer(running: AsyncDisposableStack, python: string) {
  const { process, clientUrl } = await prepareSynapse(running, python, await TestCa.create());
  return { process, url: clientUrl };
}
