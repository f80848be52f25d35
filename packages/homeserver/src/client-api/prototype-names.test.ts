import { canonicalJson } from '@hansa/protocol';
import type { JsonValue } from '@hansa/protocol';
import type { ClientEvent } from '@hansa/protocol/wire';
import { HttpSession, TestWorkspace, TEST_PASSWORD, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** What every object has, or would be given by code that writes where it should not. */
const NAMES = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'] as const;

let workspace: TestWorkspace;
let ada: MatrixClient;
let roomId: string;
let room: string;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
  ada = await workspace.register('ada');
});
beforeEach(async () => {
  roomId = await ada.createRoom({ preset: 'public_chat' });
  room = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** `text` is sent as it is: what a literal would do with such a key is not what is tested. */
const put = (path: string, text: string, headers: Readonly<Record<string, string>> = {}) =>
  ada.http.exchange<Record<string, unknown>>('PUT', path, { text, headers });
const get = (path: string) => ada.http.exchange<Record<string, unknown>>('GET', path);

/** An object with that own key, and with it inside of itself and of a list. */
const textWith = (name: string) =>
  `{"${name}":{"polluted":"yes","${name}":[{"${name}":{"polluted":"yes"}}]},"body":"x"}`;

function expectSame(content: unknown, text: string): void {
  const parsed = JSON.parse(text) as JsonValue;
  expect(canonicalJson(content as JsonValue)).toBe(canonicalJson(parsed));
}

// That no prototype has changed is asked after every test of all (scripts/test/keep-prototypes.ts).
describe.each(NAMES)('[SEC-46] %s', (name) => {
  it('is the name of a person, a device and an alias like others', async () => {
    const body = { username: name, password: TEST_PASSWORD, device_id: name };
    const auth = { type: 'm.login.dummy' };
    const registered = await workspace.nobody.exchange<{ user_id?: string; errcode?: string }>(
      'POST',
      '/_matrix/client/v3/register',
      { body: { ...body, auth } },
    );
    const userId = `@${name.toLowerCase()}:harbour.example`;
    expect(registered).toMatchObject({ status: 200, body: { user_id: userId, device_id: name } });
    expect(await get(`/_matrix/client/v3/profile/${userId}`)).toMatchObject({ status: 200 });
    const alias = `/_matrix/client/v3/directory/room/${encodeURIComponent(`#${name}:harbour.example`)}`;
    expect(await get(alias)).toMatchObject({ status: 404 });
    expect(await put(alias, JSON.stringify({ room_id: roomId }))).toMatchObject({ status: 200 });
    expect(await get(alias)).toMatchObject({ status: 200, body: { room_id: roomId } });
    const other = await workspace.session().exchange('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: ada.userId },
        password: TEST_PASSWORD,
        device_id: name,
      },
    });
    expect(other).toMatchObject({ status: 200, body: { device_id: name, user_id: ada.userId } });
    expect(await get(`/_matrix/client/v3/devices/${name}`)).toMatchObject({
      body: { device_id: name },
    });
    expect(await get('/_matrix/client/v3/devices/no-such')).toMatchObject({ status: 404 });
  });

  it('is a type, a state key, a transaction and a key of an event, told again as it came', async () => {
    const text = textWith(name);
    const { body: sent } = await put(`${room}/send/${name}/${name}`, text);
    const { body: again } = await put(`${room}/send/${name}/${name}`, text);
    expect(again).toEqual(sent);
    const { body: event } = await get(
      `${room}/event/${encodeURIComponent(String(sent['event_id']))}`,
    );
    expect(event).toMatchObject({ type: name, sender: ada.userId });
    expectSame(event['content'], text);
    for (const [type, key] of [
      [name, name],
      ['m.room.name', name],
      [name, ''],
    ] as const) {
      const path = `${room}/state/${type}/${key}`;
      expect(await get(path)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
      expect(await put(path, text)).toMatchObject({ status: 200 });
      expectSame((await get(path)).body, text);
    }
    expect((await get(`${room}/state/m.room.name`)).status).toBe(404);
    const { rooms } = await ada.sync();
    const told = rooms?.join?.[roomId]?.timeline?.events ?? [];
    expectSame(told.findLast((each: ClientEvent) => each.type === name)?.content, text);
  });

  it('is a power level that nobody else gets', async () => {
    const [bela] = await workspace.people('bela');
    await bela.join(roomId);
    const { body: levels } = await get(`${room}/state/m.room.power_levels/`);
    const text = JSON.stringify(levels).replace('"events":{', `"events":{"${name}":0,`);
    expect(text).toContain(name);
    expect(await put(`${room}/state/m.room.power_levels/`, text)).toMatchObject({ status: 200 });
    const path = (type: string) => `${room}/state/${type}/`;
    const write = (type: string) => bela.http.exchange('PUT', path(type), { body: {} });
    expect(await write(name)).toMatchObject({ status: 200 });
    expect(await write('org.example.other')).toMatchObject({ status: 403 });
    expect(await put(`${room}/state/m.room.power_levels/`, JSON.stringify(levels))).toMatchObject({
      status: 200,
    });
  });

  it('is no key of a request, a query, a header or a filter that means anything', async () => {
    const nobody = new HttpSession(workspace.clientUrl, ada.accessToken);
    expect(await put(`${room}/send/${name}/1`, '{}')).toMatchObject({ status: 200 });
    const types = `{"types":["${name}"],"${name}":{"limit":0}}`;
    const filter = `{"room":{"timeline":${types},"${name}":{"rooms":[]}},"${name}":{"room":{"rooms":[]}}}`;
    const path = `/_matrix/client/v3/user/${encodeURIComponent(ada.userId)}/filter`;
    const stored = await nobody.exchange<{ filter_id: string }>('POST', path, { text: filter });
    expect(stored.status).toBe(200);
    const query = `filter=${stored.body.filter_id}&${name}=1&${name}[x]=1`;
    const synced = await nobody.exchange<Record<string, unknown>>(
      'GET',
      `/_matrix/client/v3/sync?${query}`,
      { headers: { [name]: 'polluted' } },
    );
    expect(synced.status).toBe(200);
    const timelines = JSON.stringify(synced.body['rooms']);
    expect(timelines).toContain(`"type":"${name}"`);
    expect(timelines).toContain(roomId);
    const created = await nobody.exchange<{ room_id: string }>(
      'POST',
      '/_matrix/client/v3/createRoom',
      { text: `{"name":"x","${name}":{"preset":"public_chat","invite":["@x:y"]}}` },
    );
    expect(created.status).toBe(200);
    const rule = await get(
      `/_matrix/client/v3/rooms/${encodeURIComponent(created.body.room_id)}/state/m.room.join_rules`,
    );
    expect(rule.body).toEqual({ join_rule: 'invite' });
  });

  it('is no field of a profile, and no endpoint', async () => {
    const profile = `/_matrix/client/v3/profile/${encodeURIComponent(ada.userId)}/${name}`;
    expect(await get(profile)).toMatchObject({ status: 404 });
    expect(await put(profile, `{"${name}":"x"}`)).toMatchObject({ status: 400 });
    for (const path of [`/_matrix/client/v3/${name}`, `/${name}`, `/_matrix/${name}/x`]) {
      expect(await nobodyGets(path)).toMatchObject({ status: 404 });
    }
  });
});

const nobodyGets = (path: string) => new HttpSession(workspace.clientUrl).exchange('GET', path);
