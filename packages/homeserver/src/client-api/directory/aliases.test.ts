import { WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const encode = encodeURIComponent;

let network: WorkspaceNetwork;
/** Of one workspace; cleo is of another. */
let ada: MatrixClient;
let ben: MatrixClient;
let cleo: MatrixClient;
let roomId: string;
let alias: string;
let number = 0;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
  ben = await network.server(0).register('ben');
});
beforeEach(async () => {
  number += 1;
  alias = `#alias-${number}:s1.test`;
  roomId = await ada.createRoom({ preset: 'public_chat' });
});
afterAll(() => network[Symbol.asyncDispose]());

const pathOf = (name: string) => `${API}/directory/room/${encode(name)}`;
const put = (who: MatrixClient, room = roomId, name = alias) =>
  who.http.exchange('PUT', pathOf(name), { body: { room_id: room } });
const remove = (who: MatrixClient, name = alias) => who.http.exchange('DELETE', pathOf(name));
const resolve = (who: MatrixClient, name = alias) => who.http.exchange('GET', pathOf(name));
const listed = (who: MatrixClient) =>
  who.http.exchange('GET', `${API}/rooms/${encode(roomId)}/aliases`);

describe('an alias', () => {
  it('is given to a room by whoever is in it, and leads there from everywhere', async () => {
    await ben.join(roomId);
    expect(await put(ben)).toMatchObject({ status: 200, body: {} });
    for (const who of [ada, cleo]) {
      expect((await resolve(who)).body).toEqual({ room_id: roomId, servers: ['s1.test'] });
    }
    expect(await cleo.join(alias)).toBe(roomId);
    expect((await listed(ada)).body).toEqual({ aliases: [alias] });
  });

  it('stands as it is when its maker asks again, and moves for nobody (SEC-45)', async () => {
    await ben.join(roomId);
    await put(ada);
    expect((await put(ada)).status).toBe(200);
    const other = await ben.createRoom({});
    const own = await ada.createRoom({});
    for (const answer of [await put(ben), await put(ben, other), await put(ada, own)]) {
      expect(answer).toMatchObject({ status: 409, body: { errcode: 'M_UNKNOWN' } });
    }
    expect((await resolve(ada)).body).toMatchObject({ room_id: roomId });
  });

  it('goes to one of two who want it at once, or waits for a room that is being made', async () => {
    const other = await ada.createRoom({});
    const room_alias_name = alias.slice(1, alias.indexOf(':'));
    const answers = await Promise.all([
      put(ada),
      put(ada, other),
      ada.http.exchange('POST', `${API}/createRoom`, { body: { room_alias_name } }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 400, 409].includes(status))).toBe(true);
  });

  it.each([
    ['of another server', '#x:s2.test', 400, 'M_INVALID_PARAM'],
    ['that is none', 'x', 400, 'M_INVALID_PARAM'],
  ])('%s is refused', async (_what, name, status, errcode) => {
    expect(await put(ada, roomId, name)).toMatchObject({ status, body: { errcode } });
    expect(await remove(ada, name)).toMatchObject({ status, body: { errcode } });
  });

  it('is for rooms that one is in', async () => {
    expect(await put(ben)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(await put(ada, '!unknown:s1.test')).toMatchObject({ status: 403 });
    expect(await put(ada, 'no room')).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
  });

  it('is taken away by its maker or by who names the room, by nobody else (SEC-45)', async () => {
    await ben.join(roomId);
    await put(ada);
    expect(await remove(ben)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect((await resolve(ben)).status).toBe(200);
    expect((await remove(ada)).status).toBe(200);
    expect(await resolve(ben)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
    await put(ben);
    expect((await remove(ada)).status).toBe(200);
    await put(ben);
    expect((await remove(ben)).status).toBe(200);
    expect(await remove(ben)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  });

  it('leaves what the room says of itself where its remover may say that', async () => {
    const second = `#second-${number}:s1.test`;
    await ben.join(roomId);
    await put(ada);
    await put(ben, roomId, second);
    const main = { alias, alt_aliases: [second] };
    await ada.setState(roomId, 'm.room.canonical_alias', main);
    const path = `${API}/rooms/${encode(roomId)}/state/m.room.canonical_alias`;
    const said = async () => (await ada.http.exchange('GET', path)).body;
    expect((await remove(ben, second)).status).toBe(200);
    expect(await said()).toEqual(main);
    expect((await remove(ada)).status).toBe(200);
    expect(await said()).toEqual({ alt_aliases: [second] });
  });

  it('is listed for those in the room alone, unless all the world may read it', async () => {
    await put(ada);
    await ben.join(roomId);
    await ben.leave(roomId);
    expect(await listed(ben)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    const readable = { history_visibility: 'world_readable' };
    await ada.setState(roomId, 'm.room.history_visibility', readable);
    expect((await listed(ben)).body).toEqual({ aliases: [alias] });
  });
});

describe("a room's entry in the directory", () => {
  const entry = (who: MatrixClient, body?: object, room = roomId) =>
    who.http.exchange(
      body === undefined ? 'GET' : 'PUT',
      `${API}/directory/list/room/${encode(room)}`,
      body === undefined ? {} : { body },
    );

  it('is made and taken away by those who may name the room', async () => {
    await ben.join(roomId);
    expect((await entry(ben)).body).toEqual({ visibility: 'private' });
    for (const body of [{}, { visibility: 'public' }]) {
      expect(await entry(ada, body)).toMatchObject({ status: 200, body: {} });
      expect((await entry(ben)).body).toEqual({ visibility: 'public' });
    }
    expect(await entry(ben, { visibility: 'private' })).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    const rooms = async () =>
      (
        await cleo.http.request<{ chunk: { room_id: string }[] }>(
          'GET',
          `${API}/publicRooms?server=s1.test`,
        )
      ).chunk.map((room) => room.room_id);
    expect(await rooms()).toContain(roomId);
    await entry(ada, { visibility: 'private' });
    expect(await rooms()).not.toContain(roomId);
  });

  it('is for rooms that there are', async () => {
    const unknown = '!unknown:s1.test';
    expect(await entry(ada, undefined, unknown)).toMatchObject({ status: 404 });
    expect(await entry(ada, {}, unknown)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
    expect(await entry(ada, { visibility: 'secret' })).toMatchObject({ status: 400 });
  });
});
