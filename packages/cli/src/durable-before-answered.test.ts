import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ForeignMember,
  ForeignServer,
  MatrixClient,
  TestCa,
  WorkspaceProcess,
  writeNetworkFiles,
  type NetworkPlace,
} from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAcknowledgements } from './testing/find-acknowledgements.ts';
import type { Acknowledgement } from './testing/find-acknowledgements.ts';
import { readTrace } from './testing/read-trace.ts';
import { findStrace, Strace } from './testing/strace.ts';

const strace = findStrace();
const PASSWORD = 'a password of tests';
const WITHOUT_FLUSHES = fileURLToPath(new URL('testing/without-flushes.ts', import.meta.url));
const SENDERS = 4;
const MESSAGES = 8;
const CALLS = 'read,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync';
/** Enough for a page of the database, and for any answer that is expected. */
const MAX_STRING = 8192;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-traced-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a workspace acknowledged to people and to another server that are all busy at once. */
async function traceUnderLoad(nodeOptions: readonly string[]): Promise<readonly Acknowledgement[]> {
  const ca = await TestCa.create();
  // By plain HTTP, so that the answers to the other server can be read too.
  const behindProxy = ['harbour.example'];
  const serverNames = ['harbour.example', 'elsewhere.example'];
  const places = await writeNetworkFiles({ folder, serverNames, ca, behindProxy });
  const [harbour, elsewhere] = places;
  if (harbour === undefined || elsewhere === undefined) throw new Error('two were written');
  await using foreign = await ForeignServer.start({
    ...elsewhere,
    port: elsewhere.federationPort,
    ca,
  });
  await using workspace = await WorkspaceProcess.start(harbour.configFile, { nodeOptions });
  const ada = await MatrixClient.register(harbour.clientUrl, 'ada', PASSWORD);
  const bob = await MatrixClient.register(harbour.clientUrl, 'bob', PASSWORD);
  const room = await ada.createRoom({ preset: 'public_chat' });
  const mallory = await ForeignMember.join(foreign, harbour, { roomId: room });
  const file = join(folder, 'trace');
  const options = [
    '--decode-fds=all',
    `--string-limit=${MAX_STRING}`,
    `--trace=${CALLS}`,
    '--output',
    file,
  ];
  {
    await using _ = await Strace.attach(strace ?? '', workspace.pid, options);
    await Promise.all([
      ...Array.from({ length: SENDERS }, (_, sender) => sendSome(ada, room, `sender ${sender}`)),
      doEverything(ada, bob),
      bringSome(mallory, harbour),
      ForeignMember.join(foreign, harbour, { roomId: room, localpart: 'peggy' }),
    ]);
  }
  return findAcknowledgements(readTrace(await readFile(file, 'utf8')));
}

async function sendSome(who: MatrixClient, room: string, from: string): Promise<void> {
  for (let n = 0; n < MESSAGES; n += 1) await who.sendText(room, `${from}: ${n}`);
}

async function doEverything(ada: MatrixClient, bob: MatrixClient): Promise<void> {
  const room = await ada.createRoom({ preset: 'private_chat' });
  await ada.setState(room, 'm.room.topic', { topic: 'what is flushed' });
  await ada.invite(room, bob.userId);
  await bob.join(room);
  await bob.redact(room, await bob.sendText(room, 'said too soon'));
  await bob.leave(room);
}

async function bringSome(mallory: ForeignMember, harbour: NetworkPlace): Promise<void> {
  for (let n = 0; n < MESSAGES; n += 1) await mallory.say(harbour, `from afar ${n}`);
}

function countKinds(all: readonly Acknowledgement[]): Readonly<Record<string, number>> {
  const byKind = Object.groupBy(all, ({ kind }) => kind);
  return Object.fromEntries(Object.entries(byKind).map(([kind, of = []]) => [kind, of.length]));
}

const EVERYTHING = {
  send: SENDERS * MESSAGES + 1,
  state: 1,
  redact: 1,
  join: 1,
  membership: 2,
  createRoom: 1,
  transaction: MESSAGES,
  send_join: 1,
};

describe.skipIf(strace === undefined)('an answer that acknowledges an event', () => {
  it('follows a flush of the log, which follows what was written', async () => {
    const all = await traceUnderLoad([]);
    expect(countKinds(all)).toEqual(EVERYTHING);
    expect(all.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });

  it('does not where commits are not flushed, and this test sees it', async () => {
    const all = await traceUnderLoad(['--import', WITHOUT_FLUSHES]);
    expect(countKinds(all)).toEqual(EVERYTHING);
    const faults = new Set(all.map(({ fault }) => fault));
    expect(faults).toContain('what was written was not flushed');
  });
});
