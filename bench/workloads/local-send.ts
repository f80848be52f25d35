import { MatrixClient } from '@hansa/testkit';
import { checkSample, type EventSource } from '../check-sample.ts';
import { closedLoop } from '../closed-loop.ts';
import type { JsonObject } from '../floors/canonical-json.ts';
import { publicKeyOf } from '../floors/signed-event.ts';
import { startHansas, temporaryFolder, type HansaServer } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { messageBody, sendPath } from '../messages.ts';
import type { PeerServers } from '../peer-servers.ts';
import { cpuMicrosOf } from '../process-tree.ts';
import type { Candidate, Row } from '../row.ts';
import { startFloor } from '../start-floor.ts';
import { freePort } from '@hansa/testkit';

const SERVER = 'sender.bench';
/** It comes when events are fetched back, and leaves, so that nothing is sent to it while we measure. */
const CHECKER = 'checker.bench';
const TOKEN = 'token-of-the-floor';
const PASSWORD = 'a password of the bench';

/** Of one block; more senders are faster. */
const EVENTS: Readonly<Record<number, number>> = { 1: 400, 8: 1_600, 64: 3_200 };

/** W1: local send, durable and signed. */
export const localSendRows: readonly Row[] = [1, 8, 64].map((senders) => ({
  id: `W1/${senders}`,
  title: `local send, ${senders} ${senders === 1 ? 'sender' : 'senders'}`,
  operation: 'event',
  durability: 'power loss',
  goal: { says: 'at least 50 % of the floor', factor: 2 },
  pairs: 7,
  prepare: async () => {
    const running = new AsyncDisposableStack();
    const load = { senders, times: EVENTS[senders] ?? 1_600 };
    return {
      ours: sending('hansa', load, await sendToHansa(running)),
      reference: sending('floor', load, await sendToFloor(running)),
      close: () => running.disposeAsync(),
    };
  },
}));

/** A server to which messages are sent. */
export interface SendTarget {
  readonly pid: () => number;
  readonly roomId: string;
  readonly client: KeepAliveClient;
  /** Whether what it acknowledged is there. */
  check(eventIds: readonly string[]): Promise<void>;
}

/** Blocks of so many messages by so many senders, each of whom waits for the answer to the last. */
export function sending(
  name: string,
  load: { readonly senders: number; readonly times: number },
  target: SendTarget,
): Candidate {
  let blocks = 0;
  return {
    name,
    block: async () => {
      blocks += 1;
      const before = cpuMicrosOf(target.pid());
      const eventIds = await closedLoop(load, (index) => sendMessage(target, `${blocks}-${index}`));
      const cost = cpuMicrosOf(target.pid()) - before;
      await target.check(eventIds);
      return { cost, operations: load.times };
    },
  };
}

export async function sendMessage(
  { client, roomId }: Pick<SendTarget, 'client' | 'roomId'>,
  transaction: string,
): Promise<string> {
  const path = sendPath(roomId, transaction);
  const body = messageBody(transaction.length);
  const answer = await client.exchange('PUT', path, body);
  if (answer.status !== 200) throw new Error(`sending failed: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as { event_id: string }).event_id;
}

/** One workspace with one room. */
export async function sendToHansa(running: AsyncDisposableStack): Promise<SendTarget> {
  const { servers, peers } = await startHansas(running, { names: [SERVER], peers: [CHECKER] });
  const [server] = servers;
  if (server === undefined) throw new Error('one was asked for');
  const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  return {
    pid: () => server.process.pid,
    roomId,
    client: running.use(new KeepAliveClient(server.clientUrl, ada.accessToken)),
    check: (eventIds) => checkByFederation(server, peers, roomId, eventIds),
  };
}

async function checkByFederation(
  server: HansaServer,
  peers: PeerServers,
  roomId: string,
  eventIds: readonly string[],
): Promise<void> {
  await peers.join(CHECKER, server, roomId);
  await checkSample(await federatedSource(server, peers), eventIds);
  await peers.leave(CHECKER, server, roomId);
}

/** What a server that is in the room gets from the one that is measured. */
async function federatedSource(server: HansaServer, peers: PeerServers): Promise<EventSource> {
  const ask = <Answer>(path: string) =>
    peers.ask<Answer>(CHECKER, server, { method: 'GET', path: `/_matrix/${path}` });
  const { verify_keys } = await ask<KeyDocument>('key/v2/server');
  return {
    serverName: server.serverName,
    keys: keysOf(verify_keys),
    fetch: async (eventId) => {
      const path = `federation/v1/event/${encodeURIComponent(eventId)}`;
      return (await ask<{ pdus: readonly JsonObject[] }>(path)).pdus[0];
    },
  };
}

interface KeyDocument {
  readonly verify_keys: Readonly<Record<string, { readonly key: string }>>;
}

function keysOf(verifyKeys: KeyDocument['verify_keys']): EventSource['keys'] {
  return Object.fromEntries(
    Object.entries(verifyKeys).map(([keyId, { key }]) => [keyId, publicKeyOf(key)]),
  );
}

async function sendToFloor(running: AsyncDisposableStack): Promise<SendTarget> {
  const port = await freePort();
  const folder = await temporaryFolder(running);
  const floor = await startFloor(running, 'local-send', [folder, port, SERVER, TOKEN]);
  const client = running.use(new KeepAliveClient(`http://127.0.0.1:${port}`, TOKEN));
  const { verify_keys } = await client.json<KeyDocument>('GET', '/keys');
  const source: EventSource = {
    serverName: SERVER,
    keys: keysOf(verify_keys),
    fetch: async (eventId) => {
      const path = `/event/${encodeURIComponent(eventId)}`;
      return (await client.json<{ pdus: readonly JsonObject[] }>('GET', path)).pdus[0];
    },
  };
  return {
    pid: () => floor.pid,
    roomId: '!floor',
    client,
    check: (eventIds) => checkSample(source, eventIds),
  };
}
