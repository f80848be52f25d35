import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, TestCa, writeWorkspaceFiles } from '@hansa/testkit';
import {
  ClientEvent,
  createClient,
  Preset,
  RoomEvent,
  SyncState,
  type MatrixClient,
  type MatrixEvent,
} from 'matrix-js-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorkspace, type Workspace } from './start-workspace.ts';

let folder: string;
let baseUrl: string;
let workspace: Workspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-js-sdk-'));
  const clientPort = await freePort();
  const ca = await TestCa.create();
  const configFile = await writeWorkspaceFiles({
    folder,
    serverName: 'harbour.example',
    clientPort,
    federationPort: await freePort(),
    identity: await ca.issue(['harbour.example']),
    authority: ca.certificate,
    hosts: {},
  });
  baseUrl = `http://127.0.0.1:${clientPort}`;
  workspace = await startWorkspace(configFile);
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const silent = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  getChild: () => silent,
};

/** Registers, then logs in by password as any client does, and syncs. */
async function signIn(name: string): Promise<MatrixClient> {
  const password = 'a password of tests';
  const nobody = createClient({ baseUrl, logger: silent });
  await nobody.registerRequest({
    username: name,
    password,
    auth: { type: 'm.login.dummy' },
    inhibit_login: true,
  });
  const session = await nobody.loginRequest({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: name },
    password,
  });
  const client = createClient({
    baseUrl,
    userId: session.user_id,
    deviceId: session.device_id,
    accessToken: session.access_token,
    logger: silent,
  });
  const { promise: prepared, resolve } = Promise.withResolvers<void>();
  client.on(ClientEvent.Sync, (state) => {
    if (state === SyncState.Prepared) resolve();
  });
  await client.startClient({ initialSyncLimit: 20 });
  await prepared;
  return client;
}

/** Bodies of messages, as they come into the client's timeline. */
function listen(client: MatrixClient, wanted: string): Promise<MatrixEvent> {
  const { promise, resolve } = Promise.withResolvers<MatrixEvent>();
  client.on(RoomEvent.Timeline, (event) => {
    if (event.getContent()['body'] === wanted && event.getId()?.startsWith('$')) resolve(event);
  });
  return promise;
}

describe('matrix-js-sdk', () => {
  it('logs in, syncs, sends and reads', async () => {
    const ada = await signIn('ada');
    const bela = await signIn('bela');
    try {
      const { room_id: roomId } = await ada.createRoom({
        preset: Preset.PublicChat,
        name: 'Market',
        room_alias_name: 'market',
      });
      await bela.joinRoom('#market:harbour.example');

      const heard = listen(bela, 'Fresh fish!');
      await ada.sendTextMessage(roomId, 'Fresh fish!');
      const event = await heard;
      expect(event.getSender()).toBe('@ada:harbour.example');
      expect(event.getRoomId()).toBe(roomId);

      const answered = listen(ada, 'How much?');
      await bela.sendTextMessage(roomId, 'How much?');
      await answered;
      expect(bela.getRoom(roomId)?.name).toBe('Market');
      expect(bela.getRoom(roomId)?.getJoinedMemberCount()).toBe(2);

      const page = await bela.createMessagesRequest(roomId, null, 10, 'b' as never);
      expect(page.chunk.map(({ content }) => content['body'])).toContain('Fresh fish!');
    } finally {
      ada.stopClient();
      bela.stopClient();
    }
  });
});
