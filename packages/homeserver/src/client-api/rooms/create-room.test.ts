import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { ClientEvent } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const create = (client: MatrixClient, body: object) =>
  client.http.exchange<{ room_id: string; errcode: string; error: string }>(
    'POST',
    `${API}/createRoom`,
    { body },
  );

async function stateOf(client: MatrixClient, roomId: string) {
  const events = await client.state(roomId);
  const find = (type: string, stateKey = ''): ClientEvent | undefined =>
    events.find((event) => event.type === type && event.state_key === stateKey);
  return { find, content: (type: string, key?: string) => find(type, key)?.content };
}

async function aliasLeadsTo(alias: string): Promise<string | undefined> {
  const path = `${API}/directory/room/${encodeURIComponent(alias)}`;
  const { body } = await workspace.nobody.exchange<{ room_id?: string }>('GET', path);
  return body.room_id;
}

describe.each(SUPPORTED_ROOM_VERSIONS)('a room of version %s', (version) => {
  it('is created, spoken in, and entered', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ room_version: version, preset: 'public_chat' });
    const state = await stateOf(ada, roomId);
    expect(state.content('m.room.create')).toMatchObject({ room_version: version });
    expect(state.content('m.room.create')?.['creator']).toBe(
      Number(version) < 11 ? ada.userId : undefined,
    );
    expect(state.find('m.room.member', ada.userId)).toMatchObject({
      content: { membership: 'join' },
      room_id: roomId,
    });
    const { users } = state.content('m.room.power_levels') ?? {};
    expect(users).toEqual(version === '12' ? {} : { [ada.userId]: 100 });
    expect(roomId.endsWith(':harbour.example')).toBe(version !== '12');
    await bela.join(roomId);
    const sent = await bela.sendText(roomId, 'hello');
    const redacted = await bela.sendText(roomId, 'oops');
    await bela.redact(roomId, redacted);
    const { chunk } = await ada.messages(roomId, { dir: 'b', limit: 3 });
    expect(chunk.map(({ event_id }) => event_id)).toEqual([expect.anything(), redacted, sent]);
    expect(chunk.map(({ content }) => content['body'])).toEqual([undefined, undefined, 'hello']);
    expect(chunk[0]).toMatchObject({ redacts: redacted, content: { redacts: redacted } });
  });
});

describe('creating a room', () => {
  it('[SEC-13] makes a private one of the default version where nothing is asked for', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const { room_id: roomId } = await ada.http.request<{ room_id: string }>(
      'POST',
      `${API}/createRoom`,
    );
    const state = await stateOf(ada, roomId);
    expect(state.content('m.room.create')).toEqual({ room_version: '12' });
    expect(state.content('m.room.join_rules')).toEqual({ join_rule: 'invite' });
    expect(state.content('m.room.history_visibility')).toEqual({ history_visibility: 'shared' });
    expect(state.content('m.room.guest_access')).toEqual({ guest_access: 'can_join' });
    await expect(bela.join(roomId)).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' });
  });

  it('makes what it is asked for, and lets anybody in by its alias', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      visibility: 'public',
      room_alias_name: 'square',
      name: 'Square',
      topic: 'Whatever',
      creation_content: { 'm.federate': false, creator: '@mallory:x', room_version: '1' },
      power_level_content_override: { events_default: 10, users: { [bela.userId]: 20 } },
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
        { type: 'com.example.thing', state_key: 'key', content: { a: [1, { b: null }] } },
        { type: 'm.room.name', content: { name: 'Not this' } },
      ],
    });
    const state = await stateOf(ada, roomId);
    expect(state.content('m.room.create')).toMatchObject({
      'm.federate': false,
      room_version: '12',
    });
    expect(state.content('m.room.join_rules')).toEqual({ join_rule: 'public' });
    expect(state.content('m.room.guest_access')).toEqual({ guest_access: 'forbidden' });
    expect(state.content('m.room.history_visibility')).toEqual({ history_visibility: 'joined' });
    expect(state.content('m.room.canonical_alias')).toEqual({ alias: '#square:harbour.example' });
    expect(state.content('m.room.name')).toEqual({ name: 'Square' });
    expect(state.content('m.room.topic')).toMatchObject({ topic: 'Whatever' });
    expect(state.content('com.example.thing', 'key')).toEqual({ a: [1, { b: null }] });
    expect(state.content('m.room.power_levels')).toMatchObject({
      events_default: 10,
      users: { [bela.userId]: 20 },
      state_default: 50,
    });
    expect(await bela.join('#square:harbour.example')).toBe(roomId);
  });

  it('invites, as a direct message where it is one', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ invite: [bela.userId, bela.userId], is_direct: true });
    const { rooms } = await bela.sync();
    const events = rooms?.invite?.[roomId]?.invite_state.events ?? [];
    expect(events.find(({ state_key }) => state_key === bela.userId)?.content).toMatchObject({
      membership: 'invite',
      is_direct: true,
    });
    expect(events.map(({ type }) => type)).toContain('m.room.create');
  });

  it.each(['11', '12'])('trusts those invited to a trusted chat, version %s', async (version) => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      preset: 'trusted_private_chat',
      invite: [bela.userId],
      room_version: version,
    });
    await bela.join(roomId);
    await bela.setState(roomId, 'm.room.tombstone', { body: 'moved', replacement_room: '!x' });
  });

  it.each([
    ['another version', { room_version: '13' }, 400, 'M_UNSUPPORTED_ROOM_VERSION'],
    ['a version that is no text', { room_version: 12 }, 400, 'M_BAD_JSON'],
    ['another preset', { preset: 'secret_chat' }, 400, 'M_BAD_JSON'],
    ['another visibility', { visibility: 'hidden' }, 400, 'M_BAD_JSON'],
    ['a name that is none', { invite: ['bela'] }, 400, 'M_INVALID_PARAM'],
    ['an alias with a colon', { room_alias_name: 'a:b' }, 400, 'M_INVALID_PARAM'],
    ['an alias that is too long', { room_alias_name: 'a'.repeat(250) }, 400, 'M_INVALID_PARAM'],
    ['state without a type', { initial_state: [{ content: {} }] }, 400, 'M_BAD_JSON'],
    ['an address', { invite_3pid: [{ medium: 'email' }] }, 403, 'M_SERVER_NOT_TRUSTED'],
    [
      'power levels that let nobody name it',
      {
        name: 'N',
        power_level_content_override: { events: { 'm.room.name': 101 } },
        room_version: '11',
      },
      400,
      'M_INVALID_ROOM_STATE',
    ],
    [
      'a second create event',
      { initial_state: [{ type: 'm.room.create', content: {} }] },
      400,
      'M_INVALID_ROOM_STATE',
    ],
    [
      'an event that is too large',
      { name: 'x', initial_state: [{ type: 'x', content: { x: 'x'.repeat(66_000) } }] },
      413,
      'M_TOO_LARGE',
    ],
  ])('refuses %s, and makes nothing', async (_what, body, status, errcode) => {
    const [ada] = await workspace.people('ada');
    expect(await create(ada, body)).toMatchObject({ status, body: { errcode } });
    expect((await ada.sync()).rooms).toBeUndefined();
  });

  it.each(['1.5', '1e3', '1.0', '-0', '9007199254740992'])(
    'refuses the number %s, which no event may hold',
    async (number) => {
      const [ada] = await workspace.people('ada');
      const text = `{"initial_state":[{"type":"x","content":{"a":${number}}}]}`;
      expect(await ada.http.exchange('POST', `${API}/createRoom`, { text })).toMatchObject({
        status: 400,
        body: { errcode: 'M_BAD_JSON', error: expect.stringMatching(/content\.a/) },
      });
    },
  );

  it('gives an alias once, also to those who ask at the same time', async () => {
    const [ada] = await workspace.people('ada');
    const ask = () => create(ada, { room_alias_name: 'popular' });
    const answers = await Promise.all([ask(), ask(), ask()]);
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await aliasLeadsTo('#popular:harbour.example')).toBe(given[0]?.body.room_id);
    expect(await ask()).toMatchObject({ status: 400, body: { errcode: 'M_ROOM_IN_USE' } });
    const { joined_rooms: joined } = await ada.http.request('GET', `${API}/joined_rooms`);
    expect(joined).toEqual([given[0]?.body.room_id]);
  });

  it('tells of a room that stands when somebody cannot be invited', async () => {
    const [ada] = await workspace.people('ada');
    const answer = await create(ada, { invite: [ada.userId] });
    expect(answer).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN', room_id: expect.stringMatching(/^!/) },
    });
    await ada.sendText(answer.body.room_id, 'still here');
  });
});

describe('an alias', () => {
  it('leads to its room and the servers in it', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({ room_alias_name: 'lead' });
    const path = `${API}/directory/room/${encodeURIComponent('#lead:harbour.example')}`;
    expect((await workspace.nobody.exchange('GET', path)).body).toEqual({
      room_id: roomId,
      servers: ['harbour.example'],
    });
  });

  it.each([
    ['#nowhere:harbour.example', 404, 'M_NOT_FOUND'],
    ['nowhere', 400, 'M_INVALID_PARAM'],
    ['!room:harbour.example', 400, 'M_INVALID_PARAM'],
  ])('%s is refused with %i', async (alias, status, errcode) => {
    const path = `${API}/directory/room/${encodeURIComponent(alias)}`;
    const answer = await workspace.nobody.exchange('GET', path);
    expect(answer).toMatchObject({ status, body: { errcode } });
  });
});
