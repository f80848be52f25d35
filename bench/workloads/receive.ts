import { freePort, MatrixClient } from '@hansa/testkit';
import type { JsonObject } from '@hansa/protocol';
import { contestOf } from '../contest-of.ts';
import { startHansas } from '../hansa-servers.ts';
import { startFloorServer } from '../pairs/floor-server.ts';
import { PeerChain } from '../peer-chain.ts';
import { eventIdIn, type PeerServers, type PeerTarget } from '../peer-servers.ts';
import { cpuMicrosOf } from '../process-tree.ts';
import { quantile } from '../quantile.ts';
import { VoidBlockError, type Candidate, type Row } from '../row.ts';

const PASSWORD = 'a password of the bench';
const ORIGIN = 'origin.bench';
const PDUS = 50;
const TRANSACTIONS = 20;

/** What a server does with a full transaction of another: signatures, checks, and durable before it answers. */
export const receiveRow: Row = {
  id: 'receive/pdu',
  title: `receiving transactions of ${PDUS} PDUs`,
  operation: 'PDU',
  durability: 'power loss',
  goal: { says: 'at least 60 % of the floor', factor: 1 / 0.6 },
  further: [
    {
      id: 'receive/transaction',
      title: `a transaction of ${PDUS} PDUs to its answer, median`,
      operation: 'transaction',
      unit: 'ms',
    },
  ],
  pairs: 7,
  warmUps: 3,
  prepare: () =>
    contestOf(async (running) => {
      const { servers, peers, ca } = await startHansas(running, {
        names: ['receiver.bench'],
        peers: [ORIGIN],
      });
      const [server] = servers;
      if (server === undefined) throw new Error('one was asked for');
      const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
      const roomId = await ada.createRoom({ preset: 'public_chat' });
      const joined = await peers.join(ORIGIN, server, roomId);
      const chain = new PeerChain(peers, ORIGIN, { roomId, joined });
      const floor = await startFloorServer(running, ca, {
        server: 'receiver.bench',
        federationPort: await freePort(),
        sends: false,
        peer: { server: ORIGIN, federationPort: 0 },
      });
      return {
        ours: receiving('hansa', server, peers, chain),
        reference: receiving(
          'floor',
          floor,
          peers,
          new PeerChain(peers, ORIGIN, { roomId, joined }),
        ),
      };
    }),
};

function receiving(
  name: string,
  target: PeerTarget & { readonly process: { readonly pid: number } },
  peers: PeerServers,
  chain: PeerChain,
): Candidate {
  let transactions = 0;
  return {
    name,
    block: async () => {
      const batches = Array.from({ length: TRANSACTIONS }, () =>
        Array.from({ length: PDUS }, () => chain.next(messageOf(transactions))),
      );
      const durations: number[] = [];
      const before = cpuMicrosOf(target.process.pid);
      for (const pdus of batches) {
        transactions += 1;
        const start = performance.now();
        await sendTransaction(peers, target, `bench-${transactions}`, pdus);
        durations.push(performance.now() - start);
      }
      const cost = cpuMicrosOf(target.process.pid) - before;
      return { cost, operations: PDUS * TRANSACTIONS, further: [quantile(durations, 0.5)] };
    },
  };
}

function messageOf(index: number): JsonObject {
  const body = `hello world, this is message ${index}, typical of a chat in its length, about one line`;
  return { body, msgtype: 'm.text' };
}

/** @throws VoidBlockError where an event is not accepted */
async function sendTransaction(
  peers: PeerServers,
  target: PeerTarget,
  id: string,
  pdus: readonly JsonObject[],
): Promise<void> {
  const { pdus: results } = await peers.ask<{
    readonly pdus: Readonly<Record<string, { readonly error?: string }>>;
  }>(ORIGIN, target, {
    method: 'PUT',
    path: `/_matrix/federation/v1/send/${id}`,
    content: { origin: ORIGIN, origin_server_ts: Date.now(), pdus },
  });
  for (const pdu of pdus) {
    const eventId = eventIdIn(pdu);
    const result = results[eventId];
    if (result === undefined) throw new VoidBlockError(`nothing was said of ${eventId}`);
    if (result.error !== undefined) throw new VoidBlockError(`${eventId}: ${result.error}`);
  }
}
