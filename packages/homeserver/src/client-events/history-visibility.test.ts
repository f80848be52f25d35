import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const API = '/_matrix/client/v3';

async function said(client: MatrixClient, roomId: string): Promise<readonly unknown[]> {
  const filter = { types: ['m.room.message'] };
  const { chunk } = await client.messages(roomId, { dir: 'f', limit: 100, filter });
  return chunk.map(({ content }) => content['body']);
}

async function synced(client: MatrixClient, roomId: string): Promise<readonly unknown[]> {
  const filter = { room: { timeline: { types: ['m.room.message'], limit: 100 } } };
  const { rooms } = await client.sync({ filter });
  return (rooms?.join?.[roomId]?.timeline?.events ?? []).map(({ content }) => content['body']);
}

async function isFound(client: MatrixClient, roomId: string, eventId: string): Promise<boolean> {
  const path = [roomId, 'event', eventId].map(encodeURIComponent).join('/');
  return (await client.http.exchange('GET', `${API}/rooms/${path}`)).status === 200;
}

const EVERYTHING = ['before', 'invited', 'joined', 'left', 'invited again', 'joined again'];

describe.each([
  ['world_readable', ['before', 'invited', 'joined'], EVERYTHING],
  ['shared', ['before', 'invited', 'joined'], EVERYTHING],
  ['invited', ['invited', 'joined'], ['invited', 'joined', 'invited again', 'joined again']],
  ['joined', ['joined'], ['joined', 'joined again']],
])('a room whose history is %s', (visibility, atFirst, atLast) => {
  it('shows a member what came when, by /messages, /sync and /event', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: visibility } },
      ],
    });
    const sent = new Map<string, string>();
    const say = async (body: string) => sent.set(body, await ada.sendText(roomId, body));
    const expectSeen = async (bodies: readonly string[]) => {
      expect(await said(bela, roomId)).toEqual(bodies);
      for (const [body, eventId] of sent) {
        expect([body, await isFound(bela, roomId, eventId)]).toEqual([body, bodies.includes(body)]);
      }
    };
    await say('before');
    await ada.invite(roomId, bela.userId);
    await say('invited');
    await bela.join(roomId);
    await say('joined');
    await expectSeen(atFirst);
    expect(await synced(bela, roomId)).toEqual(atFirst);
    await bela.leave(roomId);
    await say('left');
    await expectSeen(visibility === 'world_readable' ? [...atFirst, 'left'] : atFirst);
    await ada.invite(roomId, bela.userId);
    await say('invited again');
    await bela.join(roomId);
    await say('joined again');
    await expectSeen(atLast);
    expect(await synced(bela, roomId)).toEqual(atLast);
    expect(await said(ada, roomId)).toEqual(EVERYTHING);
  });
});

describe('a history visibility that changes', () => {
  it('holds for what is sent from then on', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const become = (value: string) =>
      ada.setState(roomId, 'm.room.history_visibility', { history_visibility: value });
    await ada.sendText(roomId, 'shared');
    const toJoined = await become('joined');
    await ada.sendText(roomId, 'joined');
    const toWorld = await become('world_readable');
    await ada.sendText(roomId, 'world');
    await become('joined');
    const [stranger] = await workspace.people('stranger');
    expect(await isFound(stranger, roomId, toJoined)).toBe(false);
    expect(await isFound(stranger, roomId, toWorld)).toBe(true);
    await bela.join(roomId);
    expect(await said(bela, roomId)).toEqual(['shared', 'world']);
    expect(await isFound(bela, roomId, toJoined)).toBe(true);
  });

  it('lets everybody see their own memberships', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
      ],
    });
    await ada.invite(roomId, bela.userId);
    await ada.sendText(roomId, 'hidden');
    await bela.join(roomId);
    await bela.leave(roomId);
    const { chunk } = await bela.messages(roomId, { dir: 'f', limit: 100 });
    const own = chunk.filter(({ state_key }) => state_key === bela.userId);
    expect(own.map(({ content }) => content['membership'])).toEqual(['join', 'leave']);
    const types = chunk.map(({ type }) => type);
    expect(types).not.toContain('m.room.message');
    expect(types.indexOf('m.room.history_visibility')).toBe(types.length - own.length - 1);
  });
});
