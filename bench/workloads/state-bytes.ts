import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { JsonObject } from '@hansa/protocol';
import { MatrixClient, TestCa } from '@hansa/testkit';
import { contestOf } from '../contest-of.ts';
import { namesOf } from '../fan-out-room.ts';
import { startHansas, type HansaServer } from '../hansa-servers.ts';
import { answerJoins, buildLargeRoom } from '../large-room.ts';
import { PeerChain } from '../peer-chain.ts';
import { userOf, type PeerServers } from '../peer-servers.ts';
import { constant, VoidBlockError, type Candidate, type Row } from '../row.ts';

const PASSWORD = 'a password of the bench';
const MEMBERS = 50_000;
const SERVERS = 20;
const CHANGES = 1_000;
const PDUS = 50;
const GOAL_BYTES = 80;
/** What only says what the states are: events, and who is where, have tables of their own. */
const TABLES = "tbl_name LIKE 'state\\_%' ESCAPE '\\'";

/** Bytes on the disk for each membership change of a large room, besides the event. */
export const stateBytesRow: Row = {
  id: 'disk/membership',
  title: `bytes of state on the disk per membership change, ${MEMBERS} members`,
  operation: 'change',
  unit: 'B',
  goal: { says: `at most ${GOAL_BYTES} B`, factor: 1 },
  pairs: 3,
  prepare: () =>
    contestOf(async (running) => {
      const ca = await TestCa.create();
      const names = namesOf('server', SERVERS);
      const { servers, peers } = await startHansas(running, {
        names: ['keeper.bench'],
        peers: names,
        ca,
      });
      const [server] = servers;
      const [visitor = ''] = names;
      if (server === undefined) throw new Error('one was asked for');
      const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
      const room = buildLargeRoom(peers, MEMBERS, 'large');
      answerJoins(peers, new Map([[room.roomId, room]]));
      await ada.join(room.roomId, [room.resident]);
      const joined = await peers.join(visitor, server, room.roomId);
      const chain = new PeerChain(peers, visitor, { roomId: room.roomId, joined });
      return {
        ours: changing({ server, peers, visitor, chain }),
        reference: constant('the bound', GOAL_BYTES),
      };
    }),
};

function changing({
  server,
  peers,
  visitor,
  chain,
}: {
  readonly server: HansaServer;
  readonly peers: PeerServers;
  readonly visitor: string;
  readonly chain: PeerChain;
}): Candidate {
  const file = join(server.folder, 'data', 'hansa.db');
  let transactions = 0;
  return {
    name: 'hansa',
    block: async () => {
      const before = stateBytes(file);
      for (let sent = 0; sent < CHANGES; sent += PDUS) {
        transactions += 1;
        const pdus = Array.from({ length: PDUS }, (_, index): JsonObject =>
          chain.next(
            { membership: 'join', displayname: `name ${transactions}-${index}` },
            { type: 'm.room.member', stateKey: userOf(visitor) },
          ),
        );
        const { pdus: results } = await peers.ask<{
          readonly pdus: Readonly<Record<string, { readonly error?: string }>>;
        }>(visitor, server, {
          method: 'PUT',
          path: `/_matrix/federation/v1/send/change-${transactions}`,
          content: { origin: visitor, origin_server_ts: Date.now(), pdus },
        });
        const refused = Object.values(results).find(({ error }) => error !== undefined);
        if (refused !== undefined) throw new VoidBlockError(refused.error);
      }
      const after = stateBytes(file);
      if (after.changes - before.changes !== CHANGES) {
        throw new VoidBlockError(`${after.changes - before.changes} changes were stored`);
      }
      return { cost: after.bytes - before.bytes, operations: CHANGES };
    },
  };
}

/** What the entries take on their pages: pages that are half full would count for what comes next. */
function stateBytes(file: string): { readonly bytes: number; readonly changes: number } {
  using database = new DatabaseSync(file, { readOnly: true });
  const sum = database
    .prepare(
      `SELECT sum(s.pgsize - s.unused) AS bytes FROM dbstat s JOIN sqlite_schema m ON m.name = s.name
       WHERE m.${TABLES}`,
    )
    .get();
  const log = database.prepare('SELECT count(*) AS changes FROM state_log').get();
  return { bytes: Number(sum?.['bytes']), changes: Number(log?.['changes']) };
}
