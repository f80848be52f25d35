import type { PublicRoomsPage } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PATH = '/_matrix/client/v3/publicRooms';

let workspace: TestWorkspace;
let ada: MatrixClient;
const rooms = new Map<string, string>();
beforeAll(async () => {
  workspace = await TestWorkspace.start();
  ada = await workspace.register('ada');
  const create = async (name: string, more: object) =>
    rooms.set(name, await ada.createRoom({ name, ...more }));
  const published = { visibility: 'public' };
  await create('Harbour', { ...published, topic: 'Ships', room_alias_name: 'harbour' });
  await create('Market', published);
  await create('Space', { ...published, creation_content: { type: 'm.space' } });
  await create('Open, and in no list', { preset: 'public_chat' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const list = (query = '') => workspace.nobody.exchange<PublicRoomsPage>('GET', PATH + query);
const search = (body: object) => ada.http.exchange<PublicRoomsPage>('POST', PATH, { body });
const names = ({ body }: { readonly body: PublicRoomsPage }) =>
  body.chunk.map(({ name }) => String(name)).toSorted();

describe('the public rooms', () => {
  it('are told to anybody, with what they are', async () => {
    const answer = await list();
    expect(names(answer)).toEqual(['Harbour', 'Market', 'Space']);
    expect(answer.body.chunk.find(({ name }) => name === 'Harbour')).toEqual({
      room_id: rooms.get('Harbour'),
      name: 'Harbour',
      topic: 'Ships',
      canonical_alias: `#harbour:${workspace.serverName}`,
      join_rule: 'public',
      num_joined_members: 1,
      world_readable: false,
      guest_can_join: false,
    });
    expect(names(await list(`?server=${workspace.serverName}`))).toHaveLength(3);
  });

  it('[SEC-28] are told without what is none of what it should be', async () => {
    const roomId = await ada.createRoom({ visibility: 'public', preset: 'public_chat' });
    const said = async () =>
      (await list()).body.chunk.find(({ room_id: id }) => id === roomId) ?? {};
    await ada.setState(roomId, 'm.room.avatar', { url: 'javascript:alert(1)' });
    await ada.setState(roomId, 'm.room.topic', { topic: ['x'] });
    expect(Object.keys(await said()).toSorted()).toEqual([
      'guest_can_join',
      'join_rule',
      'num_joined_members',
      'room_id',
      'world_readable',
    ]);
    await ada.setState(roomId, 'm.room.avatar', { url: 'mxc://harbour.example/a' });
    expect(await said()).toMatchObject({ avatar_url: 'mxc://harbour.example/a' });
    await ada.http.request(
      'PUT',
      `/_matrix/client/v3/directory/list/room/${encodeURIComponent(roomId)}`,
      {
        visibility: 'private',
      },
    );
  });

  it('go page by page', async () => {
    const seen: string[] = [];
    let since = '';
    do {
      const { body } = await list(`?limit=1${since && `&since=${encodeURIComponent(since)}`}`);
      expect(body.chunk).toHaveLength(1);
      seen.push(...names({ body }));
      since = body.next_batch ?? '';
    } while (since !== '');
    expect(seen.toSorted()).toEqual(['Harbour', 'Market', 'Space']);
  });

  it.each([
    [{ filter: { generic_search_term: 'SHIP' } }, ['Harbour']],
    [{ filter: { room_types: ['m.space'] } }, ['Space']],
    [{ filter: { room_types: [null] } }, ['Harbour', 'Market']],
    [{ include_all_networks: true }, ['Harbour', 'Market', 'Space']],
    [{ third_party_instance_id: 'irc' }, []],
  ])('are searched: %j', async (body, expected) => {
    expect(names(await search(body))).toEqual(expected);
  });

  it.each(['?server=no%20server', '?since=x', '?limit=-1'])('refuse %s', async (query) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } });
  });
});
