import { Checklist } from '@hansa/testkit';
import { registerAt, type Peer } from './peer.ts';
import { ALL, CORE } from './scenarios/all-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { startPeers, type Peers } from './start-peers.ts';

/** A scenario, in one version of rooms and with one server's room. */
interface Run {
  readonly title: string;
  readonly scenario: Scenario;
  readonly roomVersion: string;
  readonly isRoomOurs: boolean;
  /** Unlike that of any other run. */
  readonly tag: string;
}

const VERSIONS: readonly { readonly roomVersion: string; readonly scenarios: typeof ALL }[] = [
  { roomVersion: '12', scenarios: ALL },
  { roomVersion: '11', scenarios: CORE },
  { roomVersion: '10', scenarios: CORE },
];
const USAGE = `Usage: npm run interop, or npm run interop -- WORD … for the runs whose line has all of the words, as in
npm run interop -- v12 knock`;

const print = (line: string) => console.log(line);
const python = process.env['HANSA_SYNAPSE_PYTHON'];
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const runs = listRuns().filter(({ title }) =>
  words.every((word) => title.toLowerCase().includes(word)),
);

if (words.some((word) => word.startsWith('-')) || runs.length === 0) {
  print(words.includes('--help') ? USAGE : `No run has ${words.join(' and ')}.\n${USAGE}`);
  process.exitCode = words.includes('--help') ? 0 : 1;
} else if (python === undefined) {
  print(
    'SKIPPED: there is no Synapse. "npm run interop" installs it (PyPI package matrix-synapse).',
  );
  print(`0 passed, 0 failed, ${runs.length} skipped`);
} else {
  const list = new Checklist(print);
  await using running = new AsyncDisposableStack();
  const peers = await startPeers(python, running);
  for (const run of runs) await list.check(run.title, () => play(run, peers));
  print('');
  print(list.summary());
  process.exitCode = list.hasFailed ? 1 : 0;
}

function listRuns(): readonly Run[] {
  return VERSIONS.flatMap(({ roomVersion, scenarios }) =>
    scenarios.flatMap((scenario, index) =>
      [true, false].map((isRoomOurs): Run => {
        const owner = isRoomOurs ? 'Hansa' : 'Synapse';
        return {
          title: `v${roomVersion}, room of ${owner}: ${scenario.title}`,
          scenario,
          roomVersion,
          isRoomOurs,
          tag: `v${roomVersion}-${index}-${owner.toLowerCase()}`,
        };
      }),
    ),
  );
}

async function play(run: Run, { hansa, synapse, secondHansa }: Peers): Promise<void> {
  const { scenario, roomVersion, tag } = run;
  const [home, away]: readonly [Peer, Peer] = run.isRoomOurs ? [hansa, synapse] : [synapse, hansa];
  const [host, guest] = await Promise.all([
    registerAt(home, `host-${tag}`),
    registerAt(away, `guest-${tag}`),
  ]);
  const stage = { home, away, hansa, synapse, secondHansa, host, guest, tag, roomVersion };
  await scenario.run(stage);
}
