import { TEST_PASSWORD, TestWorkspace } from '@hansa/testkit';
import {
  ClientEvent,
  createClient,
  Direction,
  Preset,
  RoomEvent,
  RoomMemberEvent,
  SyncState,
  type MatrixClient,
  type MatrixEvent,
} from 'matrix-js-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  // Parts of it write past the logger that they are given.
  for (const method of ['debug', 'info', 'log', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation(() => {});
  }
  workspace = await TestWorkspace.start();
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  vi.restoreAllMocks();
});

const silent = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  getChild: () => silent,
};

/** A client as an application has it: registered, logged in by password, synced. It is stopped when it is disposed. */
async function signIn(name: string): Promise<MatrixClient & Disposable> {
  const baseUrl = workspace.clientUrl;
  const nobody = createClient({ baseUrl, logger: silent });
  await nobody.registerRequest({
    username: name,
    password: TEST_PASSWORD,
    auth: { type: 'm.login.dummy' },
    inhibit_login: true,
  });
  const session = await nobody.loginRequest({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: name },
    password: TEST_PASSWORD,
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
  await client.startClient({ initialSyncLimit: 20, lazyLoadMembers: true });
  await prepared;
  return Object.assign(client, { [Symbol.dispose]: () => client.stopClient() });
}

/** A message of these words, once it stands in the client's timeline as the server has it. */
function hear(client: MatrixClient, words: string): Promise<MatrixEvent> {
  const { promise, resolve } = Promise.withResolvers<MatrixEvent>();
  client.on(RoomEvent.Timeline, (event) => {
    if (event.getContent()['body'] === words && event.getId()?.startsWith('$')) resolve(event);
  });
  return promise;
}

function membershipOf(client: MatrixClient, userId: string, wanted: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on(RoomMemberEvent.Membership, (_event, member) => {
    if (member.userId === userId && member.membership === wanted) resolve();
  });
  return promise;
}

describe('matrix-js-sdk', () => {
  it('logs in, syncs, sends and reads', async () => {
    using ada = await signIn('ada');
    using bela = await signIn('bela');
    const { room_id: roomId } = await ada.createRoom({
      preset: Preset.PublicChat,
      name: 'Market',
      room_alias_name: 'market',
    });
    const arrived = membershipOf(ada, '@bela:harbour.example', 'join');
    await bela.joinRoom('#market:harbour.example');
    await arrived;

    const heard = hear(bela, 'Fresh fish!');
    await ada.sendTextMessage(roomId, 'Fresh fish!');
    const event = await heard;
    expect(event.getSender()).toBe('@ada:harbour.example');
    expect(event.getRoomId()).toBe(roomId);

    const answered = hear(ada, 'How much?');
    await bela.sendTextMessage(roomId, 'How much?');
    await answered;
    const room = bela.getRoom(roomId);
    expect(room?.name).toBe('Market');
    expect(room?.getJoinedMemberCount()).toBe(2);
    expect(room?.getMyMembership()).toBe('join');
    await room?.loadMembersIfNeeded();
    expect(room?.getJoinedMembers().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ada', 'bela']),
    );

    const page = await bela.createMessagesRequest(roomId, null, 10, Direction.Backward);
    expect(page.chunk.map(({ content }) => content['body'])).toContain('Fresh fish!');

    const gone = membershipOf(ada, '@bela:harbour.example', 'leave');
    await bela.leave(roomId);
    await gone;
  });

  it('uploads a picture, and shows it', async () => {
    using dora = await signIn('dora');
    // A GIF of one pixel.
    const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
    const upload = await dora.uploadContent(gif, { type: 'image/gif', name: 'dot.gif' });
    expect(await dora.getMediaConfig(true)).toEqual({ 'm.upload.size': 50 * 1024 * 1024 });
    for (const size of [[], [32, 32, 'crop']] as const) {
      const [width, height, method] = size;
      const url = dora.mxcUrlToHttp(upload.content_uri, width, height, method, false, true, true);
      const headers = { authorization: `Bearer ${dora.getAccessToken()}` };
      const answer = await fetch(url ?? '', { headers });
      expect(answer.headers.get('content-type')).toBe('image/gif');
      expect(Buffer.from(await answer.arrayBuffer()).equals(gif)).toBe(true);
    }
  });
});
