import type { ClientEvent } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const room = (roomId: string) => `${API}/rooms/${encodeURIComponent(roomId)}`;

const put = (client: MatrixClient, path: string, body: object) =>
  client.http.exchange<{ event_id: string; errcode: string }>('PUT', path, { body });

const get = (client: MatrixClient, path: string) =>
  client.http.exchange<Record<string, unknown>>('GET', path);

describe('state', () => {
  it('is set and read with a key and without, with the slash and without', async () => {
    const [ada] = await workspace.people('ada');
    const path = `${room(await ada.createRoom({}))}/state/com.example.thing`;
    await put(ada, path, { n: 1 });
    expect((await get(ada, `${path}/`)).body).toEqual({ n: 1 });
    await put(ada, `${path}/`, { n: 2 });
    expect((await get(ada, path)).body).toEqual({ n: 2 });
    await put(ada, `${path}/a%2Fb%20%23`, { n: 3 });
    expect((await get(ada, `${path}/a%2Fb%20%23`)).body).toEqual({ n: 3 });
    expect((await get(ada, path)).body).toEqual({ n: 2 });
  });

  it('is shown whole where that is asked for', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({ name: 'Square' });
    const path = `${room(roomId)}/state/m.room.name`;
    const { body } = await put(ada, path, { name: 'Circle' });
    expect((await get(ada, `${path}?format=event`)).body).toMatchObject({
      event_id: body.event_id,
      type: 'm.room.name',
      state_key: '',
      sender: ada.userId,
      room_id: roomId,
      content: { name: 'Circle' },
    });
    expect((await get(ada, `${path}?format=content`)).body).toEqual({ name: 'Circle' });
    expect(await get(ada, `${path}?format=xml`)).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    const all = await ada.state(roomId);
    expect(all.find(({ event_id }) => event_id === body.event_id)).toBeDefined();
    expect(all.filter(({ type }) => type === 'm.room.name')).toHaveLength(1);
  });

  it('tells what it replaced', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const first = await ada.setState(roomId, 'm.room.topic', { topic: 'first' });
    await ada.setState(roomId, 'm.room.topic', { topic: 'second' });
    const { chunk } = await ada.messages(roomId, { dir: 'b', limit: 2 });
    expect(chunk[0]?.unsigned).toMatchObject({
      prev_content: { topic: 'first' },
      replaces_state: first,
    });
    expect(chunk[1]?.unsigned).not.toHaveProperty('prev_content');
  });

  it.each([
    ['a number that no event may hold', 'x', '{"a":1.5}', 400, 'M_BAD_JSON'],
    ['a type over 255 bytes', 'x'.repeat(256), '{}', 400, 'M_INVALID_PARAM'],
    ['a key over 255 bytes', `x/${'k'.repeat(256)}`, '{}', 400, 'M_INVALID_PARAM'],
    ['an event over 64 KiB', 'x', `{"x":"${'x'.repeat(66_000)}"}`, 413, 'M_TOO_LARGE'],
    ['another create event', 'm.room.create', '{}', 403, 'M_FORBIDDEN'],
    ['a key of somebody else', 'x/@bela:harbour.example', '{}', 403, 'M_FORBIDDEN'],
  ])('cannot be %s', async (_what, type, text, status, errcode) => {
    const [ada] = await workspace.people('ada');
    const path = `${room(await ada.createRoom({}))}/state/${type}`;
    const answer = await ada.http.exchange('PUT', path, { text });
    expect(answer).toMatchObject({ status, body: { errcode } });
  });

  it('is set by those with the power', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    for (const client of [bela, cleo]) {
      expect(await put(client, `${room(roomId)}/state/m.room.name`, { name: 'n' })).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN' },
      });
    }
  });

  it('is a membership too: invites, and what follows', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({});
    const member = `${room(roomId)}/state/m.room.member/${encodeURIComponent(bela.userId)}`;
    expect(await put(ada, member, { membership: 'invite' })).toMatchObject({ status: 200 });
    await bela.join(roomId);
    expect(await put(bela, member, { membership: 'join', displayname: 'B' })).toMatchObject({
      status: 200,
    });
    expect((await get(ada, member)).body).toEqual({ membership: 'join', displayname: 'B' });
    expect(await put(ada, member, { membership: 'ban' })).toMatchObject({ status: 200 });
    expect(await put(bela, member, { membership: 'join' })).toMatchObject({ status: 403 });
  });
});

describe('reading state', () => {
  it('is not found where there is none', async () => {
    const [ada] = await workspace.people('ada');
    const path = `${room(await ada.createRoom({}))}/state`;
    for (const missing of ['/m.room.topic', '/m.room.name/key']) {
      expect(await get(ada, path + missing)).toMatchObject({
        status: 404,
        body: { errcode: 'M_NOT_FOUND' },
      });
    }
  });

  it('is for who is or was in the room', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const [dario, emil] = await workspace.people('dario', 'emil');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'before' });
    await ada.http.request('POST', `${room(roomId)}/invite`, { user_id: dario.userId });
    await ada.http.request('POST', `${room(roomId)}/invite`, { user_id: emil.userId });
    await emil.leave(roomId);
    await ada.http.request('POST', `${room(roomId)}/ban`, { user_id: cleo.userId });
    await bela.join(roomId);
    await bela.leave(roomId);
    await ada.setState(roomId, 'm.room.name', { name: 'after' });
    for (const path of ['/state/m.room.name', '/state', '/members', '/messages?dir=b']) {
      for (const outsider of [cleo, dario, emil]) {
        expect(await get(outsider, room(roomId) + path)).toMatchObject({
          status: 403,
          body: { errcode: 'M_FORBIDDEN' },
        });
      }
    }
    expect((await get(bela, `${room(roomId)}/state/m.room.name`)).body).toEqual({ name: 'before' });
    const left = await bela.state(roomId);
    expect(left.find(({ type }) => type === 'm.room.name')?.content).toEqual({ name: 'before' });
    expect(left.find(({ state_key }) => state_key === bela.userId)?.content).toEqual({
      membership: 'leave',
    });
    expect(await get(ada, `${room('!nowhere:harbour.example')}/state`)).toMatchObject({
      status: 403,
    });
  });

  it('shows no more to who is banned, or invited and gone, after leaving', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'before' });
    const nameFor = async (client: MatrixClient) =>
      (await get(client, `${room(roomId)}/state/m.room.name`)).body['name'];
    await bela.join(roomId);
    await bela.leave(roomId);
    await ada.setState(roomId, 'm.room.name', { name: 'after' });
    await ada.invite(roomId, bela.userId);
    expect(await nameFor(bela)).toBe('before');
    await bela.leave(roomId);
    expect(await nameFor(bela)).toBe('before');
    await ada.http.request('POST', `${room(roomId)}/ban`, { user_id: bela.userId });
    expect(await nameFor(bela)).toBe('before');
    const { chunk } = await bela.messages(roomId, { dir: 'b' });
    expect(chunk[0]).toMatchObject({ state_key: bela.userId, content: { membership: 'leave' } });
  });

  it('is for anybody where the room is world-readable', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      name: 'open',
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: 'world_readable' } },
      ],
    });
    expect((await get(bela, `${room(roomId)}/state/m.room.name`)).body).toEqual({ name: 'open' });
    await ada.sendText(roomId, 'hello, world');
    const { chunk } = await bela.messages(roomId, { dir: 'b', limit: 1 });
    expect(chunk[0]?.content).toMatchObject({ body: 'hello, world' });
    expect(await get(bela, `${room(roomId)}/joined_members`)).toMatchObject({ status: 403 });
    await ada.setState(roomId, 'm.room.history_visibility', { history_visibility: 'shared' });
    expect(await get(bela, `${room(roomId)}/state/m.room.name`)).toMatchObject({ status: 403 });
  });
});

describe('the canonical alias', () => {
  it('names aliases that lead to the room', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({ room_alias_name: 'here' });
    const other = await ada.createRoom({ room_alias_name: 'there' });
    const set = (content: object) =>
      put(ada, `${room(roomId)}/state/m.room.canonical_alias`, content);
    const bad = { status: 400, body: { errcode: 'M_BAD_ALIAS' } };
    const invalid = { status: 400, body: { errcode: 'M_INVALID_PARAM' } };
    const here = '#here:harbour.example';
    expect(await set({ alias: here, alt_aliases: [here] })).toMatchObject({ status: 200 });
    expect(await set({ alias: '#there:harbour.example' })).toMatchObject(bad);
    expect(await set({ alt_aliases: ['#nowhere:harbour.example'] })).toMatchObject(bad);
    expect(await set({ alias: 'here' })).toMatchObject(invalid);
    expect(await set({ alt_aliases: [1] })).toMatchObject(invalid);
    expect(
      await set({ alt_aliases: Array.from({ length: 21 }, (_, n) => `#${n}:x`) }),
    ).toMatchObject(invalid);
    expect(await set({})).toMatchObject({ status: 200 });
    expect((await ada.state(other)).length).toBeGreaterThan(0);
  });
});

describe('one event', () => {
  const event = (client: MatrixClient, roomId: string, eventId: string) =>
    get(client, `${room(roomId)}/event/${encodeURIComponent(eventId)}`);

  it('is found by its id, by those who may see it', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const otherRoom = await ada.createRoom({});
    const eventId = await ada.sendText(roomId, 'hello');
    await bela.join(roomId);
    const found = await event(bela, roomId, eventId);
    expect(found.body as unknown as ClientEvent).toMatchObject({
      event_id: eventId,
      room_id: roomId,
      content: { body: 'hello' },
      unsigned: { membership: 'leave' },
    });
    await bela.leave(roomId);
    const afterwards = await ada.sendText(roomId, 'behind the back');
    const notFound = { status: 404, body: { errcode: 'M_NOT_FOUND' } };
    expect(await event(bela, roomId, eventId)).toMatchObject({ status: 200 });
    expect(await event(bela, roomId, afterwards)).toMatchObject(notFound);
    expect(await event(cleo, roomId, eventId)).toMatchObject(notFound);
    expect(await event(ada, otherRoom, eventId)).toMatchObject(notFound);
    expect(await event(ada, '!nowhere:harbour.example', eventId)).toMatchObject(notFound);
    expect(await event(ada, roomId, eventId.replace(/.$/, 'x'))).toMatchObject(notFound);
    expect(await event(ada, roomId, 'event')).toMatchObject({ status: 400 });
  });
});
