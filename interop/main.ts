import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Checklist,
  freePort,
  Synapse,
  TestCa,
  WorkspaceProcess,
  writeWorkspaceFiles,
} from '@hansa/testkit';
import { hansaPeer, registerAt, synapsePeer, type Peer } from './peer.ts';
import { catchUp } from './scenarios/catch-up.ts';
import { guestInvites } from './scenarios/guest-invites.ts';
import { inviteAccept } from './scenarios/invite-accept.ts';
import { inviteReject } from './scenarios/invite-reject.ts';
import { knock } from './scenarios/knock.ts';
import { leaveAndRejoin } from './scenarios/leave-and-rejoin.ts';
import { media } from './scenarios/media.ts';
import { moderation } from './scenarios/moderation.ts';
import { publicJoin } from './scenarios/public-join.ts';
import { redaction } from './scenarios/redaction.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { stateWhileApart } from './scenarios/state-while-apart.ts';
import { typingAndReceipts } from './scenarios/typing-and-receipts.ts';

const CORE: readonly Scenario[] = [publicJoin, inviteAccept, leaveAndRejoin, stateWhileApart];
const ALL: readonly Scenario[] = [
  ...CORE,
  inviteReject,
  guestInvites,
  moderation,
  redaction,
  typingAndReceipts,
  media,
  knock,
  catchUp,
];
const RUNS: readonly { readonly roomVersion: string; readonly scenarios: readonly Scenario[] }[] = [
  { roomVersion: '12', scenarios: ALL },
  { roomVersion: '11', scenarios: CORE },
  { roomVersion: '10', scenarios: CORE },
];

const print = (line: string) => console.log(line);
const python = process.env['HANSA_SYNAPSE_PYTHON'];

if (process.argv.length > 2) {
  print('Usage: npm run interop. It takes no arguments.');
  process.exitCode = process.argv[2] === '--help' ? 0 : 1;
} else if (python === undefined) {
  const skipped = RUNS.reduce((sum, { scenarios }) => sum + 2 * scenarios.length, 0);
  print(
    'SKIPPED: there is no Synapse. "npm run interop" installs it (PyPI package matrix-synapse).',
  );
  print(`0 passed, 0 failed, ${skipped} skipped`);
} else {
  const list = new Checklist(print);
  for (const run of RUNS) await runOn(python, list, run);
  print('');
  print(list.summary());
  process.exitCode = list.hasFailed ? 1 : 0;
}

async function runOn(python: string, list: Checklist, run: (typeof RUNS)[number]): Promise<void> {
  print(`room version ${run.roomVersion}`);
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'hansa-interop-'));
  const folder = temporary.path;
  const ports = await Promise.all(Array.from({ length: 4 }, () => freePort()));
  const [hansaClient = 0, hansaFederation = 0, synapseClient = 0, synapseFederation = 0] = ports;
  const ca = await TestCa.create();
  const identity = await ca.issue(['localhost', '127.0.0.1']);
  const clientUrl = `http://127.0.0.1:${hansaClient}`;
  const serverName = `localhost:${hansaFederation}`;
  const configFile = await writeWorkspaceFiles({
    folder: join(folder, 'hansa'),
    serverName,
    clientPort: hansaClient,
    federationPort: hansaFederation,
    publicUrl: clientUrl,
    network: { identity, authority: ca.certificate, hosts: {} },
    defaultRoomVersion: run.roomVersion,
  });
  const pem = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  await using synapse = await Synapse.start(python, {
    folder: join(folder, 'synapse'),
    serverName: `localhost:${synapseFederation}`,
    clientPort: synapseClient,
    federationPort: synapseFederation,
    certificate: await pem('certificate.pem', identity.cert),
    key: await pem('key.pem', identity.key),
    authority: await pem('authority.pem', ca.certificate),
    defaultRoomVersion: run.roomVersion,
  });
  await using workspace = await WorkspaceProcess.start(configFile);
  const hansa = hansaPeer(workspace, { serverName, clientUrl });
  await runScenarios(list, run, [hansa, synapsePeer(synapse)]);
}

async function runScenarios(
  list: Checklist,
  { roomVersion, scenarios }: (typeof RUNS)[number],
  [hansa, synapse]: readonly [Peer, Peer],
): Promise<void> {
  for (const [index, scenario] of scenarios.entries()) {
    for (const [home, away] of [[hansa, synapse] as const, [synapse, hansa] as const]) {
      await list.check(`v${roomVersion}, room of ${home.name}: ${scenario.title}`, async () => {
        const tag = `${index}-${home.name.toLowerCase()}`;
        const host = await registerAt(home, `host-${tag}`);
        const guest = await registerAt(away, `guest-${tag}`);
        await scenario.run({ home, away, host, guest, tag, roomVersion });
      });
    }
  }
}
