import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const profile = (userId: string, field = '') =>
  `/_matrix/client/v3/profile/${encodeURIComponent(userId)}${field && `/${field}`}`;

const read = (userId: string, field?: string) =>
  workspace.nobody.exchange('GET', profile(userId, field));

const write = (client: MatrixClient, field: string, body: object, of = client) =>
  client.http.exchange('PUT', profile(of.userId, field), { body });

describe('a profile', () => {
  it('is anybody’s to read, whole or by field', async () => {
    const [ada] = await workspace.people('ada');
    const avatar = 'mxc://harbour.example/abc';
    expect(await write(ada, 'displayname', { displayname: 'Ada L.' })).toMatchObject({
      status: 200,
      body: {},
    });
    expect((await read(ada.userId)).body).toEqual({ displayname: 'Ada L.' });
    expect(await read(ada.userId, 'avatar_url')).toMatchObject({ status: 404 });
    await write(ada, 'avatar_url', { avatar_url: avatar });
    expect((await read(ada.userId)).body).toEqual({ displayname: 'Ada L.', avatar_url: avatar });
    expect((await read(ada.userId, 'avatar_url')).body).toEqual({ avatar_url: avatar });
    await write(ada, 'displayname', { displayname: '' });
    expect((await read(ada.userId)).body).toEqual({ avatar_url: avatar });
  });

  it.each([
    ['@nobody:harbour.example', '', 404, 'M_NOT_FOUND'],
    ['@nobody:harbour.example', 'displayname', 404, 'M_NOT_FOUND'],
    ['nobody', '', 400, 'M_INVALID_PARAM'],
  ])('of %s is not there', async (userId, field, status, errcode) => {
    expect(await read(userId, field)).toMatchObject({ status, body: { errcode } });
  });

  it('has no fields but its own', async () => {
    const [ada] = await workspace.people('ada');
    for (const field of ['__proto__', 'constructor', 'password']) {
      expect(await read(ada.userId, field)).toMatchObject({ status: 404 });
    }
  });

  it.each([
    ['another field', 'm.tz', { 'm.tz': 'Europe/Berlin' }, 'M_INVALID_PARAM'],
    ['nothing', 'displayname', {}, 'M_MISSING_PARAM'],
    ['null', 'displayname', { displayname: null }, 'M_BAD_JSON'],
    ['a number', 'displayname', { displayname: 1 }, 'M_BAD_JSON'],
    [
      '[SEC-48] a name that is too long',
      'displayname',
      { displayname: 'x'.repeat(257) },
      'M_BAD_JSON',
    ],
    ['an avatar on the web', 'avatar_url', { avatar_url: 'https://x' }, 'M_INVALID_PARAM'],
  ])('is not set to %s', async (_what, field, body, errcode) => {
    const [ada] = await workspace.people('ada');
    expect(await write(ada, field, body)).toMatchObject({ status: 400, body: { errcode } });
  });

  it('[SEC-48] is no longer in a room than anywhere else', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.member/${encodeURIComponent(ada.userId)}`;
    const put = (profile: object) =>
      ada.http.exchange('PUT', path, { body: { membership: 'join', ...profile } });
    for (const profile of [
      { displayname: 'x'.repeat(10_000) },
      { displayname: 'x'.repeat(257) },
      { avatar_url: `mxc://harbour.example/${'x'.repeat(1_000)}` },
    ]) {
      expect(await put(profile)).toMatchObject({ status: 400, body: { errcode: 'M_BAD_JSON' } });
    }
    expect(await put({ displayname: 'x'.repeat(256) })).toMatchObject({ status: 200 });
  });

  it('loses a field, here and in its rooms', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const path = `/_matrix/client/v3/profile/${encodeURIComponent(ada.userId)}/displayname`;
    await write(ada, 'displayname', { displayname: 'Ada' });
    expect(await bela.http.exchange('DELETE', path)).toMatchObject({ status: 403 });
    expect(await ada.http.exchange('DELETE', path)).toMatchObject({ status: 200, body: {} });
    expect(await read(ada.userId)).toMatchObject({ status: 200, body: {} });
    const member = (await ada.state(roomId)).find(({ state_key }) => state_key === ada.userId);
    expect(member?.content).toEqual({ membership: 'join' });
  });

  it('is changed by its user alone', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    expect(await write(bela, 'displayname', { displayname: 'B' }, ada)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });

  it('goes into every room that the user is in, beside what stands there', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const [first, second] = [
      await ada.createRoom({ preset: 'public_chat' }),
      await ada.createRoom({ preset: 'public_chat' }),
    ];
    const left = await ada.createRoom({ preset: 'public_chat' });
    for (const roomId of [first, second, left]) await bela.join(roomId);
    await bela.leave(left);
    await bela.setState(
      second,
      'm.room.member',
      { membership: 'join', 'com.example.badge': 'gold', reason: 'for the join' },
      bela.userId,
    );
    await write(bela, 'displayname', { displayname: 'Béla' });
    const member = async (roomId: string) =>
      (await ada.state(roomId)).find(({ state_key }) => state_key === bela.userId)?.content;
    expect(await member(first)).toEqual({ membership: 'join', displayname: 'Béla' });
    expect(await member(second)).toEqual({
      membership: 'join',
      displayname: 'Béla',
      'com.example.badge': 'gold',
    });
    expect(await member(left)).toEqual({ membership: 'leave' });
  });
});
