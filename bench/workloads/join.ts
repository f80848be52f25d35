import { writeFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { freePort, MatrixClient, TestCa, type ServerProcess } from '@hansa/testkit';
import { contestOf } from '../contest-of.ts';
import { namesOf } from '../fan-out-room.ts';
import type { IngestSettings } from '../floors/ingest-settings.ts';
import { startHansas, temporaryFolder } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { answerJoins, buildLargeRoom, type LargeRoom } from '../large-room.ts';
import type { PeerServers } from '../peer-servers.ts';
import { cpuMicrosOf } from '../process-tree.ts';
import { VoidBlockError, type Candidate, type Row } from '../row.ts';
import { startFloor } from '../start-floor.ts';

const PASSWORD = 'a password of the bench';
const SERVERS = 20;

/** W3: joining a room of another server, with its whole state. */
export const joinRows: readonly Row[] = [
  { members: 1_000, pairs: 7 },
  { members: 10_000, pairs: 3 },
  { members: 50_000, pairs: 3 },
].map(({ members, pairs }) => ({
  id: `W3/${members}`,
  title: `join with the full state of ${members} members`,
  operation: 'event',
  durability: 'power loss',
  goal: { says: 'at least 60 % of the floor', factor: 1 / 0.6 },
  further: [
    {
      id: `W3/${members}-wait`,
      title: `join with the full state of ${members} members, until it is answered`,
      operation: 'join',
      unit: 'ms',
    },
  ],
  pairs,
  prepare: () =>
    contestOf(async (running) => {
      const ca = await TestCa.create();
      const { servers, peers } = await startHansas(running, {
        names: ['joiner.bench'],
        peers: namesOf('server', SERVERS),
        ca,
      });
      const [server] = servers;
      if (server === undefined) throw new Error('one was asked for');
      const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
      const rooms = new Map<string, LargeRoom>();
      answerJoins(peers, rooms);
      const build = (): LargeRoom => {
        // One at a time: the largest is 40 MB.
        rooms.clear();
        const room = buildLargeRoom(peers, members, `${Math.random()}`);
        rooms.set(room.roomId, room);
        return room;
      };
      const floor = await startIngesting(running, ca, peers);
      return {
        ours: joining('hansa', server.process, build, async ({ roomId, resident }) => {
          if ((await ada.join(roomId, [resident])) !== roomId) throw new VoidBlockError('not it');
        }),
        reference: joining('floor', floor.process, build, floor.join),
      };
    }),
}));

function joining(
  name: string,
  process: Pick<ServerProcess, 'pid'>,
  build: () => LargeRoom,
  join: (room: LargeRoom) => Promise<void>,
): Candidate {
  return {
    name,
    block: async () => {
      const room = build();
      const before = cpuMicrosOf(process.pid);
      const start = performance.now();
      await join(room);
      const durationMs = performance.now() - start;
      const cost = cpuMicrosOf(process.pid) - before;
      return { cost, operations: room.events, further: [durationMs] };
    },
  };
}

async function startIngesting(running: AsyncDisposableStack, ca: TestCa, peers: PeerServers) {
  const folder = await temporaryFolder(running);
  const authority = joinPath(folder, 'authority.pem');
  await writeFile(authority, ca.certificate);
  const clientPort = await freePort();
  const peer = { server: peers.names[0] ?? '', federationPort: peers.port };
  const settings: IngestSettings = { folder, clientPort, peer, authority };
  const process = await startFloor(running, 'ingest-join', [JSON.stringify(settings)]);
  const client = running.use(new KeepAliveClient(`http://127.0.0.1:${clientPort}`, ''));
  return {
    process,
    join: async ({ roomId }: LargeRoom) => {
      const path = `/_matrix/federation/v2/send_join/${encodeURIComponent(roomId)}/$join`;
      await client.json('GET', path);
    },
  };
}
