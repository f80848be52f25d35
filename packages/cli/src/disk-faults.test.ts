import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  deadline,
  ForeignMember,
  ForeignServer,
  MatrixClient,
  TestCa,
  WorkspaceProcess,
  writeNetworkFiles,
  type NetworkPlace,
} from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStrace, Strace } from './testing/strace.ts';

const run = promisify(execFile);
const strace = findStrace();
const PASSWORD = 'a password of tests';
const DISK = 'size=12m';
const CHUNK_BYTES = 64 * 1024;
/** More than the disk holds of events this large, so that it is full before. */
const LARGE_BODY = 'x'.repeat(20_000);
const MAX_SENT = 1_000;
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: no disk is filled: only root may mount one\n');

let folder: string;
let place: NetworkPlace;
let foreign: ForeignServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-disk-'));
  const ca = await TestCa.create();
  const serverNames = ['harbour.example', 'elsewhere.example'];
  const [harbour, elsewhere] = await writeNetworkFiles({ folder, serverNames, ca });
  if (harbour === undefined || elsewhere === undefined) throw new Error('two were written');
  place = harbour;
  foreign = await ForeignServer.start({ ...elsewhere, port: elsewhere.federationPort, ca });
});
afterEach(async () => {
  await foreign[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Two rooms of ada's, in the first of which is somebody of another server. */
async function openRooms() {
  const ada = await MatrixClient.register(place.clientUrl, 'ada', PASSWORD);
  const rooms = [
    await ada.createRoom({ preset: 'public_chat' }),
    await ada.createRoom({ preset: 'private_chat' }),
  ] as const;
  const mallory = await ForeignMember.join(foreign, place, { roomId: rooms[0] });
  return { ada, rooms, mallory };
}

function sendOver(ada: MatrixClient, room: string, transaction: string, body: string) {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${transaction}`;
  return ada.http.exchange<{ readonly event_id: string }>('PUT', path, {
    body: { msgtype: 'm.text', body },
  });
}

async function expectOnce(ada: MatrixClient, room: string, eventIds: readonly string[]) {
  const timeline = () => ada.room(room).timeline.map(({ event_id: eventId }) => eventId);
  const all = new Set(eventIds);
  await ada.until(() => all.isSubsetOf(new Set(timeline())), deadline('all that was acknowledged'));
  expect(new Set(timeline()).size).toBe(timeline().length);
}

const NOT_STORED = {
  status: 503,
  body: { errcode: 'M_UNKNOWN', error: expect.stringContaining('cannot store anything') as string },
};
/** By a server that ends because of it, too. */
const REFUSED = { status: 503, body: { errcode: 'M_UNKNOWN' } };

describe.skipIf(!isRoot)('a disk that is full', () => {
  let disk: string;
  beforeEach(async () => {
    disk = join(folder, place.serverName, 'data');
    await mkdir(disk, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', disk]);
  });
  afterEach(async () => {
    await run('umount', ['--lazy', disk]);
  });

  async function fill(file: string): Promise<void> {
    try {
      for (;;) await appendFile(file, Buffer.alloc(CHUNK_BYTES));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  it('is told to everybody whose event it has no place for, until it has one again', async () => {
    await using workspace = await WorkspaceProcess.start(place.configFile);
    const { ada, rooms, mallory } = await openRooms();
    await fill(join(disk, 'filler'));
    // The log of the database has some room of its own left.
    const acknowledged: string[] = [];
    let transaction = 0;
    for (; transaction < MAX_SENT; transaction += 1) {
      const answer = await sendOver(ada, rooms[0], `m${transaction}`, LARGE_BODY);
      if (answer.status === 200) acknowledged.push(answer.body.event_id);
      else break;
    }
    for (const room of rooms) {
      expect(await sendOver(ada, room, `m${transaction}`, LARGE_BODY)).toMatchObject(NOT_STORED);
    }
    const brought = mallory.write({ content: { msgtype: 'm.text', body: LARGE_BODY } });
    expect(await foreign.send(place, [brought])).toMatchObject(NOT_STORED);
    const said = workspace.log.filter((line) =>
      line.includes('the disk that holds the database is full'),
    );
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('Free some');

    await rm(join(disk, 'filler'));
    for (const room of rooms) {
      const answer = await sendOver(ada, room, `m${transaction}`, LARGE_BODY);
      expect(answer.status).toBe(200);
      if (room === rooms[0]) acknowledged.push(answer.body.event_id);
    }
    acknowledged.push(await mallory.say(place, 'and now there is space'));
    expect(workspace.log.some((line) => line.includes('the database stores again'))).toBe(true);
    await expectOnce(ada, rooms[0], acknowledged);
    await workspace.kill();
    await workspace.resume();
    const again = await MatrixClient.logIn(place.clientUrl, 'ada', PASSWORD);
    await again.syncOnce(0);
    expect(await ada.sendText(rooms[1], 'after all')).toMatch(/^\$/);
    for (const eventId of acknowledged) {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(rooms[0])}/event/${encodeURIComponent(eventId)}`;
      expect(await ada.http.request('GET', path)).toMatchObject({ event_id: eventId });
    }
  });

  it('is named by a workspace that cannot start on it, and does when there is space', async () => {
    await using workspace = await WorkspaceProcess.start(place.configFile);
    const { ada, rooms } = await openRooms();
    const eventId = await ada.sendText(rooms[0], 'before');
    await workspace.kill();
    await fill(join(disk, 'filler'));
    const named = /The database cannot be opened: .*the disk .* is full/;
    await expect(workspace.resume()).rejects.toThrow(named);
    await rm(join(disk, 'filler'));
    await workspace.resume();
    await expectOnce(ada, rooms[0], [eventId, await ada.sendText(rooms[0], 'after')]);
  });
});

describe.skipIf(strace === undefined)('a disk that does not take what is flushed', () => {
  it('ends the workspace, which says why, and has all that it acknowledged when it runs again', async () => {
    await using workspace = await WorkspaceProcess.start(place.configFile);
    const { ada, rooms, mallory } = await openRooms();
    const before = [
      await ada.sendText(rooms[0], 'before'),
      await mallory.say(place, 'before, too'),
    ];
    const fail = ['--trace=fsync,fdatasync', '--inject=fsync,fdatasync:error=EIO'];
    await using _ = await Strace.attach(strace ?? '', workspace.pid, fail);
    const answers = await Promise.allSettled([
      ...rooms.map((room) => sendOver(ada, room, 'lost', 'while it fails')),
      foreign.send(place, [mallory.write()]),
    ]);
    // Who comes when it has ended already is not answered.
    const told = answers.filter(({ status }) => status === 'fulfilled');
    expect(told.length).toBeGreaterThan(0);
    for (const answer of told) expect(answer).toMatchObject({ value: REFUSED });
    expect(await workspace.ended).toBe(1);
    const log = workspace.log.join('\n');
    expect(log).toContain('the disk did not take what was flushed to it');
    expect(log).toContain('Ended, as');

    await workspace.resume();
    const sent = await sendOver(ada, rooms[0], 'lost', 'while it fails');
    expect(sent.status).toBe(200);
    await expectOnce(ada, rooms[0], [...before, sent.body.event_id]);
    expect(
      ada
        .room(rooms[0])
        .bodies()
        .filter((body) => body === 'while it fails'),
    ).toHaveLength(1);
  });
});
