import { WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let network: WorkspaceNetwork;
let ada: MatrixClient;
let cleo: MatrixClient;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
});
afterAll(() => network[Symbol.asyncDispose]());

const get = (path: string) => cleo.http.exchange('GET', API + path);
const post = (path: string, body: object = {}) => cleo.http.exchange('POST', API + path, { body });
const encode = encodeURIComponent;

describe('what another server knows', () => {
  it('is asked of it: profiles', async () => {
    expect((await get(`/profile/${encode(ada.userId)}`)).body).toEqual({ displayname: 'ada' });
    expect((await get(`/profile/${encode(ada.userId)}/displayname`)).body).toEqual({
      displayname: 'ada',
    });
  });

  it('is asked of it: aliases', async () => {
    const roomId = await ada.createRoom({ room_alias_name: 'known' });
    expect((await get(`/directory/room/${encode('#known:s1.test')}`)).body).toEqual({
      room_id: roomId,
      servers: ['s1.test'],
    });
  });

  it('is asked of it: its public rooms', async () => {
    const roomId = await ada.createRoom({ visibility: 'public', name: 'Harbour' });
    await ada.createRoom({ visibility: 'public', name: 'Elsewhere' });
    const room = { room_id: roomId, name: 'Harbour', num_joined_members: 1, join_rule: 'public' };
    const all = await get('/publicRooms?server=s1.test');
    expect(all).toMatchObject({ status: 200, body: { chunk: expect.any(Array) } });
    expect(all.body['chunk']).toHaveLength(2);
    const body = { filter: { generic_search_term: 'harb' }, limit: 9 };
    expect(await post('/publicRooms?server=s1.test', body)).toMatchObject({
      status: 200,
      body: { chunk: [room] },
    });
  });

  it.each([
    ['/profile/@nobody:s1.test', 404, 'M_NOT_FOUND'],
    ['/profile/@nobody:s1.test/avatar_url', 404, 'M_NOT_FOUND'],
    [`/directory/room/${encode('#nowhere:s1.test')}`, 404, 'M_NOT_FOUND'],
  ])('may be nothing: %s is %i', async (path, status, errcode) => {
    expect(await get(path)).toMatchObject({ status, body: { errcode } });
  });

  it.each([
    '/profile/@somebody:absent.invalid',
    `/directory/room/${encode('#x:absent.invalid')}`,
    '/publicRooms?server=absent.invalid',
  ])('may be out of reach, and which server is, is said: %s', async (path) => {
    const error = 'absent.invalid cannot be reached.';
    expect(await get(path)).toMatchObject({ status: 502, body: { errcode: 'M_UNKNOWN', error } });
  });
});

describe('a room of another server', () => {
  it('lets in who may, through the server that is named', async () => {
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const path = `/join/${encode(roomId)}`;
    expect((await post(path)).status).toBeGreaterThan(399);
    expect(await post(`${path}?via=s1.test`)).toMatchObject({
      status: 200,
      body: { room_id: roomId },
    });
    expect(await post(`${path}?server_name=s1.test`)).toMatchObject({ status: 200 });
  });

  it('does not let in who was not invited', async () => {
    const roomId = await ada.createRoom({});
    expect(await post(`/join/${encode(roomId)}?via=s1.test`)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    const joined = await cleo.http.request('GET', `${API}/joined_rooms`);
    expect(joined['joined_rooms']).not.toContain(roomId);
  });

  it('tells when it, or all of its servers, cannot be reached', async () => {
    const answer = await post(`/join/${encode('!room:absent.invalid')}?via=absent.invalid`);
    const error = 'absent.invalid cannot be reached.';
    expect(answer).toMatchObject({ status: 502, body: { errcode: 'M_UNKNOWN', error } });
  });
});

describe('somebody of another server', () => {
  it('is invited, and may be somebody whom nobody knows or reaches', async () => {
    const roomId = await cleo.createRoom({});
    const path = `/rooms/${encode(roomId)}/invite`;
    expect(await post(path, { user_id: ada.userId })).toMatchObject({ status: 200, body: {} });
    const refused = await post(path, { user_id: '@nobody:s1.test' });
    expect(refused).toMatchObject({
      status: 403,
      body: { error: 's1.test answered 403 M_FORBIDDEN: "There is no user @nobody:s1.test."' },
    });
    expect(await post(path, { user_id: '@somebody:absent.invalid' })).toMatchObject({
      status: 502,
    });
    const state = await cleo.state(roomId);
    const invited = state.filter(({ content }) => content['membership'] === 'invite');
    expect(invited.map(({ state_key }) => state_key)).toEqual([ada.userId]);
  });

  it('that cannot be invited to a new room does not undo the room', async () => {
    const body = { invite: ['@somebody:absent.invalid'] };
    const answer = await cleo.http.exchange<{ room_id: string }>('POST', `${API}/createRoom`, {
      body,
    });
    expect(answer).toMatchObject({ status: 502, body: { room_id: expect.stringMatching(/^!/) } });
    await cleo.sendText(answer.body.room_id, 'alone');
  });
});
