import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadline, MatrixClient, WorkspaceProcess, writeNetworkFiles } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PASSWORD = 'a password of tests';
const NAMES = ['harbour.example', 'lighthouse.example'] as const;
const SENDERS = 4;
const SENT_BEFORE_THE_KILL = 20;

interface Running {
  readonly process: WorkspaceProcess;
  readonly clientUrl: string;
}

let folder: string;
const running: Running[] = [];
let ada: MatrixClient;
let cleo: MatrixClient;
let room: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-killed-'));
  const places = await writeNetworkFiles({ folder, serverNames: NAMES });
  for (const { clientUrl, configFile } of places) {
    running.push({ process: await WorkspaceProcess.start(configFile), clientUrl });
  }
  const [harbour, lighthouse] = both();
  ada = await MatrixClient.register(harbour.clientUrl, 'ada', PASSWORD);
  cleo = await MatrixClient.register(lighthouse.clientUrl, 'cleo', PASSWORD);
  room = await ada.createRoom({ preset: 'public_chat', room_alias_name: 'market' });
  await cleo.join(`#market:${NAMES[0]}`);
});
afterAll(async () => {
  for (const { process } of running) await process.stop();
  await rm(folder, { recursive: true, force: true });
});

function both(): readonly [Running, Running] {
  const [harbour, lighthouse] = running;
  if (harbour === undefined || lighthouse === undefined) throw new Error('two were started');
  return [harbour, lighthouse];
}

/**
 * Several senders at once. `kill` runs while they send; each ends at the first refusal, or when twice as much was
 * acknowledged. Answers what was.
 */
async function sendThroughKill(kill: () => Promise<void>): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const send = async (sender: number) => {
    while (acknowledged.length < 2 * SENT_BEFORE_THE_KILL) {
      acknowledged.push(await ada.sendText(room, `${sender}: ${acknowledged.length}`));
      if (acknowledged.length === SENT_BEFORE_THE_KILL) resolve();
    }
  };
  const senders = Array.from({ length: SENDERS }, (_, sender) => send(sender));
  const ended = Promise.allSettled(senders);
  await enough;
  await kill();
  await ended;
  return acknowledged;
}

async function expectEverywhere(eventIds: readonly string[]): Promise<void> {
  for (const person of [ada, cleo]) {
    const seen = () => person.room(room).timeline.map(({ event_id }) => event_id);
    await person.until(
      () => new Set(eventIds).isSubsetOf(new Set(seen())),
      deadline('everything that was acknowledged'),
    );
    expect(new Set(seen()).size).toBe(seen().length);
  }
}

describe('a workspace that is killed', () => {
  it('while it sends has kept all that it acknowledged, and brings it to the others', async () => {
    const [{ process }] = both();
    const acknowledged = await sendThroughKill(() => process.kill());
    await process.resume();
    expect(acknowledged.length).toBeGreaterThanOrEqual(SENT_BEFORE_THE_KILL);
    await expectEverywhere(acknowledged);
  });

  it('or stopped while it sends has kept all that it acknowledged', async () => {
    const [{ process }] = both();
    const acknowledged = await sendThroughKill(() => process.stop());
    await process.resume();
    expect(acknowledged.length).toBeGreaterThanOrEqual(SENT_BEFORE_THE_KILL);
    await expectEverywhere(acknowledged);
  });

  it('while it receives gets all that was sent, once', async () => {
    const [, { process }] = both();
    const acknowledged = await sendThroughKill(() => process.kill());
    await process.resume();
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * SENT_BEFORE_THE_KILL);
    await expectEverywhere(acknowledged);
  });
});
