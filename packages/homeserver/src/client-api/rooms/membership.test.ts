import type { ClientEvent } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const act = (client: MatrixClient, roomId: string, verb: string, body: object = {}) =>
  client.http.exchange('POST', `${API}/rooms/${encodeURIComponent(roomId)}/${verb}`, { body });

async function membership(client: MatrixClient, roomId: string, userId: string) {
  const event = (await client.state(roomId)).find(({ state_key }) => state_key === userId);
  return event?.content;
}

async function members(client: MatrixClient, roomId: string, query: Record<string, string> = {}) {
  const search = new URLSearchParams(query).toString();
  const path = `${API}/rooms/${encodeURIComponent(roomId)}/members?${search}`;
  const answer = await client.http.exchange<{ chunk: ClientEvent[] }>('GET', path);
  return {
    ...answer,
    users: (answer.body.chunk ?? []).map(({ state_key }) => String(state_key)).toSorted(),
  };
}

describe('inviting and joining', () => {
  it('lets in who was invited, with profile and reason', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({});
    const invite = { user_id: bela.userId, reason: 'come in' };
    expect(await act(ada, roomId, 'invite', invite)).toMatchObject({ status: 200, body: {} });
    expect(await membership(ada, roomId, bela.userId)).toMatchObject({
      membership: 'invite',
      reason: 'come in',
    });
    expect(await act(bela, roomId, 'join', { reason: 'gladly' })).toMatchObject({
      status: 200,
      body: { room_id: roomId },
    });
    expect(await membership(ada, roomId, bela.userId)).toEqual({
      membership: 'join',
      displayname: expect.stringMatching(/^bela-/),
      reason: 'gladly',
    });
  });

  it("says so where a name of this server is nobody's, whichever way it is invited", async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const nobody = `@nobody:${workspace.serverName}`;
    const path = `${API}/rooms/${encodeURIComponent(roomId)}/state/m.room.member/${nobody}`;
    const answers = [
      await act(ada, roomId, 'invite', { user_id: nobody }),
      await ada.http.exchange('PUT', path, { body: { membership: 'invite' } }),
      await ada.http.exchange('POST', `${API}/createRoom`, { body: { invite: [nobody] } }),
    ];
    for (const answer of answers) {
      const error = expect.stringContaining(`There is no user ${nobody}`);
      expect(answer).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND', error } });
    }
    expect(await membership(ada, roomId, nobody)).toBeUndefined();
    const { joined_rooms: rooms } = await ada.http.request('GET', `${API}/joined_rooms`);
    expect(rooms).toEqual([roomId]);
  });

  it('joins who is in already, without another event', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const { next_batch: since } = await ada.sync();
    expect(await ada.join(roomId)).toBe(roomId);
    expect((await ada.sync({ since })).rooms).toBeUndefined();
  });

  it.each([
    ['somebody who is in', (ada: string) => ({ user_id: ada }), 403, 'M_FORBIDDEN'],
    ['what is no user', () => ({ user_id: 'bela' }), 400, 'M_INVALID_PARAM'],
    ['nobody', () => ({}), 400, 'M_BAD_JSON'],
    [
      'by address',
      () => ({ id_server: 'i', id_access_token: 't', medium: 'email', address: 'a@b' }),
      403,
      'M_SERVER_NOT_TRUSTED',
    ],
  ])('does not invite %s', async (_what, body, status, errcode) => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    expect(await act(ada, roomId, 'invite', body(ada.userId))).toMatchObject({
      status,
      body: { errcode },
    });
  });

  it('lets only members invite, and only those with the power', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const body = { user_id: cleo.userId };
    expect(await act(bela, roomId, 'invite', body)).toMatchObject({ status: 403 });
    await bela.join(roomId);
    expect(await act(bela, roomId, 'invite', body)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });

  it.each([
    ['/join/%23nowhere%3Aharbour.example', 404, 'M_NOT_FOUND'],
    ['/join/nowhere', 400, 'M_INVALID_PARAM'],
    ['/join/!nowhere%3Aharbour.example', 404, 'M_NOT_FOUND'],
    ['/rooms/!nowhere%3Aharbour.example/join', 404, 'M_NOT_FOUND'],
    ['/join/!room%3Aharbour.example?via=not%20a%20server', 400, 'M_INVALID_PARAM'],
  ])('cannot join by %s', async (path, status, errcode) => {
    const [ada] = await workspace.people('ada');
    const answer = await ada.http.exchange('POST', `${API}${path}`, { body: {} });
    expect(answer).toMatchObject({ status, body: { errcode } });
  });
});

describe('leaving', () => {
  it('takes one out, and out again is refused', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    expect(await act(bela, roomId, 'leave', { reason: 'late' })).toMatchObject({
      status: 200,
      body: {},
    });
    expect(await membership(ada, roomId, bela.userId)).toEqual({
      membership: 'leave',
      reason: 'late',
    });
    await expect(bela.sendText(roomId, 'hi')).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' });
  });

  it('rejects an invite', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ invite: [bela.userId] });
    await bela.leave(roomId);
    expect(await membership(ada, roomId, bela.userId)).toEqual({ membership: 'leave' });
    await expect(bela.join(roomId)).rejects.toMatchObject({ status: 403 });
  });

  it('is refused to who never was in, of rooms that there are and others', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({});
    expect(await act(bela, roomId, 'leave')).toMatchObject({ status: 403 });
    expect((await act(bela, '!other:harbour.example', 'leave')).status).toBeGreaterThan(399);
  });
});

describe('moderation', () => {
  it('kicks, bans and lifts the ban', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const body = { user_id: bela.userId, reason: 'noise' };
    await bela.join(roomId);
    expect(await act(ada, roomId, 'kick', body)).toMatchObject({ status: 200, body: {} });
    expect(await membership(ada, roomId, bela.userId)).toEqual({
      membership: 'leave',
      reason: 'noise',
    });
    await bela.join(roomId);
    expect(await act(ada, roomId, 'ban', body)).toMatchObject({ status: 200, body: {} });
    await expect(bela.join(roomId)).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' });
    expect(await act(ada, roomId, 'invite', body)).toMatchObject({ status: 403 });
    expect(await act(ada, roomId, 'unban', body)).toMatchObject({ status: 200, body: {} });
    await bela.join(roomId);
  });

  it.each(['kick', 'ban', 'unban'])('%s is for those with the power', async (verb) => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    expect(await act(bela, roomId, verb, { user_id: ada.userId })).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    expect(await act(ada, roomId, verb, { user_id: 'bela' })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    expect(await act(ada, roomId, verb)).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON' },
    });
  });
});

describe('who is in a room', () => {
  it('is listed for members: all, by membership, and joined ones with their profiles', async () => {
    const [ada, bela, cleo, dario] = await workspace.people('ada', 'bela', 'cleo', 'dario');
    const roomId = await ada.createRoom({ preset: 'public_chat', invite: [cleo.userId] });
    await bela.join(roomId);
    await dario.join(roomId);
    await dario.leave(roomId);
    const ids = (...people: MatrixClient[]) => people.map(({ userId }) => userId).toSorted();
    expect((await members(ada, roomId)).users).toEqual(ids(ada, bela, cleo, dario));
    const by = async (query: Record<string, string>) => (await members(ada, roomId, query)).users;
    expect(await by({ membership: 'join' })).toEqual(ids(ada, bela));
    expect(await by({ membership: 'invite' })).toEqual(ids(cleo));
    expect(await by({ not_membership: 'leave' })).toEqual(ids(ada, bela, cleo));
    expect(await by({ membership: 'leave', not_membership: 'join' })).toEqual(ids(cleo, dario));
    const path = `${API}/rooms/${encodeURIComponent(roomId)}/joined_members`;
    expect(await ada.http.request('GET', path)).toEqual({
      joined: {
        [ada.userId]: { display_name: expect.stringMatching(/^ada-/) },
        [bela.userId]: { display_name: expect.stringMatching(/^bela-/) },
      },
    });
  });

  it('is told as it was at a token, to whom could see it then', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const { next_batch: before } = await ada.sync();
    await bela.join(roomId);
    await ada.setState(roomId, 'm.room.history_visibility', { history_visibility: 'joined' });
    await ada.sendText(roomId, 'between us');
    const { next_batch: after } = await ada.sync();
    const [cleo] = await workspace.people('cleo');
    await cleo.join(roomId);
    expect((await members(ada, roomId, { at: before })).users).toEqual([ada.userId]);
    expect((await members(ada, roomId, { at: after })).users).toEqual(
      [ada.userId, bela.userId].toSorted(),
    );
    expect(await members(cleo, roomId, { at: after })).toMatchObject({ status: 403 });
    expect(await members(ada, roomId, { at: 'nonsense' })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    expect(await members(ada, roomId, { membership: 'any' })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    const firstRoomId = await ada.createRoom({});
    const { rooms } = await ada.sync();
    const start = rooms?.join?.[firstRoomId]?.timeline?.prev_batch ?? '';
    expect((await members(ada, firstRoomId, { at: start })).users).toEqual([]);
  });

  it('is told as it was at the end to who has left, and to nobody else outside', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    await bela.leave(roomId);
    await cleo.join(roomId);
    expect((await members(bela, roomId)).users).toEqual([ada.userId, bela.userId].toSorted());
    const path = `${API}/rooms/${encodeURIComponent(roomId)}`;
    expect(await bela.http.exchange('GET', `${path}/joined_members`)).toMatchObject({
      status: 403,
    });
    const [stranger] = await workspace.people('stranger');
    expect(await members(stranger, roomId)).toMatchObject({ status: 403 });
    expect(await stranger.http.exchange('GET', `${path}/joined_members`)).toMatchObject({
      status: 403,
    });
  });

  it('does not change by rooms that one was never in', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const first = await ada.createRoom({});
    const second = await ada.createRoom({ invite: [bela.userId] });
    await ada.leave(first);
    const joined = (client: MatrixClient) => client.http.request('GET', `${API}/joined_rooms`);
    expect(await joined(ada)).toEqual({ joined_rooms: [second] });
    expect(await joined(bela)).toEqual({ joined_rooms: [] });
  });
});
