import type { JsonObject } from '@hansa/protocol';
import { MatrixClient } from '@hansa/testkit';
import { contestOf } from '../contest-of.ts';
import { startHansas, type HansaServer } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { openLoop } from '../open-loop.ts';
import { sendMessage } from '../pairs/server-pair.ts';
import { PeerChain } from '../peer-chain.ts';
import type { PeerServers } from '../peer-servers.ts';
import { quantile } from '../quantile.ts';
import type { Candidate, Row } from '../row.ts';
import { VisibleEvents } from '../visible-events.ts';

const PASSWORD = 'a password of the bench';
const HOSTILE = 'hostile.bench';
const CHAIN = 10_000;
const PDUS = 50;
const PER_SECOND = 20;
/** Of the calm blocks; the others take as long as the chain does. */
const EVENTS = 200;

/** What another server does to one room while people talk in another. */
export const hostileRoom: Row = {
  id: 'isolation/hostile-room',
  title: `p99 of other rooms while one gets a chain of ${CHAIN} invalid events`,
  operation: 'event',
  unit: 'ms',
  durability: 'power loss',
  goal: { says: 'within 1.5× of that without it', factor: 1.5 },
  pairs: 3,
  prepare: () =>
    contestOf(async (running) => {
      const { servers, peers } = await startHansas(running, {
        names: ['target.bench'],
        peers: [HOSTILE],
      });
      const [server] = servers;
      if (server === undefined) throw new Error('one was asked for');
      const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
      const calm = await ada.createRoom({ preset: 'private_chat' });
      const client = running.use(new KeepAliveClient(server.clientUrl, ada.accessToken));
      const visible = running.use(await VisibleEvents.follow(client, calm));
      const send = (transaction: string) => sendMessage(client, calm, transaction);
      const people = { visible, send };
      return {
        ours: talking('with a hostile room', people, async () => {
          const attacked = await ada.createRoom({ preset: 'public_chat' });
          return prepareAttack(peers, server, attacked);
        }),
        reference: talking('without', people, undefined),
      };
    }),
};

interface People {
  readonly visible: VisibleEvents;
  readonly send: (transaction: string) => Promise<string>;
}

/** Answers what begins the attack, which resolves when it is over. */
type PrepareAttack = () => Promise<() => Promise<void>>;

function talking(name: string, people: People, prepare: PrepareAttack | undefined): Candidate {
  let blocks = 0;
  return {
    name,
    block: async () => {
      blocks += 1;
      const attack = await prepare?.();
      let isOver = attack === undefined;
      const attacking = attack?.().then(() => (isOver = true));
      const latencies: number[] = [];
      do {
        const from = latencies.length;
        const paced = await openLoop({ times: EVENTS, perSecond: PER_SECOND }, (index) =>
          people.send(`${name.length}-${blocks}-${from + index}`),
        );
        const seenAt = await people.visible.seen(paced.map(({ result }) => result));
        for (const [index, { dueAt }] of paced.entries()) {
          latencies.push((seenAt[index] ?? Number.NaN) - dueAt);
        }
      } while (!isOver);
      await attacking;
      return { cost: quantile(latencies, 0.99), operations: 1 };
    },
  };
}

/** Each event names the one before it, and none may be sent: it takes a power that the sender does not have. */
async function prepareAttack(
  peers: PeerServers,
  server: HansaServer,
  roomId: string,
): Promise<() => Promise<void>> {
  const joined = await peers.join(HOSTILE, server, roomId);
  const chain = new PeerChain(peers, HOSTILE, { roomId, joined });
  const transactions = Array.from({ length: CHAIN / PDUS }, () =>
    Array.from({ length: PDUS }, (): JsonObject =>
      chain.next({ name: 'taken over' }, { type: 'm.room.name', stateKey: '' }),
    ),
  );
  return async () => {
    for (const [index, pdus] of transactions.entries()) {
      await peers.ask(HOSTILE, server, {
        method: 'PUT',
        path: `/_matrix/federation/v1/send/${encodeURIComponent(roomId)}-${index}`,
        content: { origin: HOSTILE, origin_server_ts: Date.now(), pdus },
      });
    }
  };
}
