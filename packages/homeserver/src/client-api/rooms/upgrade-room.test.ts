import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const encode = encodeURIComponent;

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const upgrade = (who: MatrixClient, roomId: string, body: object) =>
  who.http.exchange<{ replacement_room: string; errcode?: string }>(
    'POST',
    `${API}/rooms/${encode(roomId)}/upgrade`,
    { body },
  );

async function stateOf(who: MatrixClient, roomId: string) {
  const events = await who.state(roomId);
  return (type: string) => events.find((event) => event.type === type)?.content;
}

describe('a room that is upgraded', () => {
  it.each([
    ['11', '12'],
    ['12', '12'],
    ['12', '11'],
    ['6', '10'],
    ['6', '12'],
  ])(
    '[SEC-14] from version %s to %s goes on in another, and is closed itself',
    async (from, to) => {
      const [ada, ben] = await workspace.people('ada', 'ben');
      const roomId = await ada.createRoom({
        room_version: from,
        preset: 'public_chat',
        name: 'Harbour',
        topic: 'Ships',
        creation_content: { type: 'm.example' },
        power_level_content_override: {
          users: from === '12' ? {} : { [ada.userId]: 100 },
          kick: 60,
        },
      });
      await ben.join(roomId);
      const acl = { allow: ['*'], deny: ['bad.example'] };
      await ada.setState(roomId, 'm.room.server_acl', acl);
      const { status, body } = await upgrade(ada, roomId, { new_version: to });
      expect(status).toBe(200);
      const old = await stateOf(ada, roomId);
      const { replacement_room: newId } = body;
      expect(old('m.room.tombstone')).toEqual({
        body: 'This room has been replaced',
        replacement_room: newId,
      });
      expect(old('m.room.power_levels')).toMatchObject({ events_default: 50, invite: 50 });
      const said = await ben.sendText(roomId, 'still here').catch((error: unknown) => error);
      expect(said).toMatchObject({ status: 403 });

      const state = await stateOf(ada, newId);
      expect(state('m.room.create')).toMatchObject({
        room_version: to,
        type: 'm.example',
        predecessor: { room_id: roomId },
      });
      expect(state('m.room.name')).toEqual({ name: 'Harbour' });
      expect(state('m.room.topic')).toMatchObject({ topic: 'Ships' });
      expect(state('m.room.join_rules')).toMatchObject({ join_rule: 'public' });
      expect(state('m.room.server_acl')).toEqual(acl);
      const levels = state('m.room.power_levels');
      expect(levels).toMatchObject({ kick: 60, events_default: 0 });
      expect(Object.keys(levels?.['users'] ?? {})).toEqual(to === '12' ? [] : [ada.userId]);
      const tombstone = [from, to].includes('12') ? 150 : 100;
      expect(levels?.['events']).toMatchObject({ 'm.room.tombstone': tombstone });
      await ben.join(newId);
      await ben.sendText(newId, 'here now');
      await ada.setState(newId, 'm.room.tombstone', { body: 'may', replacement_room: roomId });
    },
  );

  it('is asked for again without becoming two', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const both = await Promise.all([1, 2].map(() => upgrade(ada, roomId, { new_version: '12' })));
    const again = await upgrade(ada, roomId, { new_version: '12' });
    const rooms = [...both, again].map(({ body }) => body.replacement_room);
    expect(new Set(rooms).size).toBe(1);
  });

  it('gives its addresses to the other one, and says so', async () => {
    const [ada] = await workspace.people('ada');
    const local = `up-${ada.userId.slice(1, ada.userId.indexOf(':'))}`;
    const alias = `#${local}:harbour.example`;
    const roomId = await ada.createRoom({ room_alias_name: local, visibility: 'public' });
    const { body } = await upgrade(ada, roomId, { new_version: '12' });
    const { replacement_room: newId } = body;
    const path = `${API}/directory/room/${encode(alias)}`;
    expect(await ada.http.request('GET', path)).toMatchObject({ room_id: newId });
    expect((await stateOf(ada, roomId))('m.room.canonical_alias')).toEqual({});
    expect((await stateOf(ada, newId))('m.room.canonical_alias')).toEqual({ alias });
    const visibility = (room: string) =>
      ada.http.request('GET', `${API}/directory/list/room/${encode(room)}`);
    expect(await visibility(newId)).toEqual({ visibility: 'public' });
    expect(await visibility(roomId)).toEqual({ visibility: 'private' });
  });

  it('has the creators that are named, and none by inheritance', async () => {
    const [ada, ben] = await workspace.people('ada', 'ben');
    const roomId = await ada.createRoom({
      preset: 'trusted_private_chat',
      invite: [ben.userId],
    });
    const alone = await upgrade(ada, roomId, { new_version: '12' });
    const first = await stateOf(ada, alone.body.replacement_room);
    expect(first('m.room.create')).not.toHaveProperty('additional_creators');
    const named = { new_version: '12', additional_creators: [ben.userId, ada.userId] };
    const together = await upgrade(ada, alone.body.replacement_room, named);
    const second = await stateOf(ada, together.body.replacement_room);
    expect(second('m.room.create')).toMatchObject({ additional_creators: [ben.userId] });
  });

  it('[SEC-14] is upgraded by those who may end it, to versions that there are', async () => {
    const [ada, ben, eve] = await workspace.people('ada', 'ben', 'eve');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await ben.join(roomId);
    for (const who of [ben, eve]) {
      expect(await upgrade(who, roomId, { new_version: '12' })).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN' },
      });
    }
    expect(await upgrade(ada, roomId, { new_version: '99' })).toMatchObject({
      status: 400,
      body: { errcode: 'M_UNSUPPORTED_ROOM_VERSION' },
    });
    const nobody = { new_version: '12', additional_creators: ['ben'] };
    expect(await upgrade(ada, roomId, nobody)).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
    expect((await stateOf(ada, roomId))('m.room.tombstone')).toBeUndefined();
  });
});
