import { MatrixClient, TestCa } from '@hansa/testkit';
import { Arrivals } from './arrivals.ts';
import { startHansas } from './hansa-servers.ts';
import { KeepAliveClient } from './keep-alive-client.ts';
import { sendMessage } from './pairs/server-pair.ts';
import { PeerServers } from './peer-servers.ts';

const PASSWORD = 'a password of the bench';

/** How many servers of a room live, and how many have died since they joined, each in its way. */
export interface Destinations {
  readonly live: number;
  /** Nothing listens there any more. */
  readonly refusing?: number;
  /** Connections are taken, and nothing comes back. */
  readonly silent?: number;
  /** Every transaction is answered by an error. */
  readonly failing?: number;
}

/** A server that hands what it is sent on to many. */
export interface FanOutRoom {
  readonly name: string;
  readonly process: { readonly pid: number };
  /** Of those that live. */
  readonly live: readonly string[];
  readonly arrivals: Arrivals;
  /** Answers the id of the event when it is acknowledged. */
  readonly send: (transaction: string) => Promise<string>;
}

/** A workspace with a room of servers that this process plays. */
export async function hansaFanOut(
  running: AsyncDisposableStack,
  { live, refusing = 0, silent = 0, failing = 0 }: Destinations,
): Promise<FanOutRoom> {
  const ca = await TestCa.create();
  const group = async (kind: string, count: number): Promise<PeerServers> =>
    running.use(await PeerServers.start(ca, namesOf(kind, count)));
  const [refusers, mutes, failers] = [
    await group('refusing', refusing),
    await group('silent', silent),
    await group('failing', failing),
  ];
  const names = namesOf('live', live);
  const { servers, peers } = await startHansas(running, {
    names: ['sender.bench'],
    peers: names,
    others: [refusers, mutes, failers],
    ca,
  });
  const [server] = servers;
  if (server === undefined) throw new Error('one was asked for');
  const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  for (const each of [refusers, mutes, failers, peers]) {
    for (const name of each.names) await each.join(name, server, roomId);
  }
  await refusers.stop();
  await mutes.fallSilent();
  failers.answer = () => undefined;
  const client = running.use(new KeepAliveClient(server.clientUrl, ada.accessToken));
  return {
    name: 'hansa',
    process: server.process,
    live: names,
    arrivals: new Arrivals(peers),
    send: (transaction) => sendMessage(client, roomId, transaction),
  };
}

export function namesOf(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index + 1}.bench`);
}
