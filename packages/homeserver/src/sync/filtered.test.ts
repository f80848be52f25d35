import type { ClientEvent, SyncResponse } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const joined = (answer: SyncResponse, roomId: string) => answer.rooms?.join?.[roomId];

const bodies = (events: readonly ClientEvent[] = []) =>
  events.flatMap(({ type, content }) => (type === 'm.room.message' ? [content['body']] : []));

const members = (events: readonly ClientEvent[] = []) =>
  events
    .filter(({ type }) => type === 'm.room.member')
    .map(({ state_key }) => String(state_key))
    .toSorted();

async function roomOf(...names: readonly ('ada' | 'bela' | 'cleo')[]) {
  const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
  const roomId = await ada.createRoom({ preset: 'public_chat', name: 'Square' });
  if (names.includes('bela')) await bela.join(roomId);
  if (names.includes('cleo')) await cleo.join(roomId);
  return { ada, bela, cleo, roomId };
}

const ids = (...clients: readonly MatrixClient[]) => clients.map(({ userId }) => userId).toSorted();

describe('a filter of timelines', () => {
  const MESSAGES = { room: { timeline: { types: ['m.room.message'], limit: 3 } } };

  it('counts what it wants, inline and stored', async () => {
    const { ada, roomId } = await roomOf('ada');
    for (let n = 1; n <= 3; n += 1) {
      await ada.sendText(roomId, `m${n}`);
      await ada.setState(roomId, 'm.room.topic', { topic: `t${n}` });
    }
    const path = `/_matrix/client/v3/user/${encodeURIComponent(ada.userId)}/filter`;
    const { filter_id: stored } = await ada.http.request<{ filter_id: string }>(
      'POST',
      path,
      MESSAGES,
    );
    for (const filter of [MESSAGES, stored]) {
      const room = joined(await ada.sync({ filter }), roomId);
      expect(bodies(room?.timeline?.events)).toEqual(['m1', 'm2', 'm3']);
      expect(room?.timeline?.events).toHaveLength(3);
      expect(room?.timeline?.limited).toBe(false);
    }
  });

  it('loses no state: what it holds back is told as state', async () => {
    const { ada, roomId } = await roomOf('ada');
    const { next_batch: since } = await ada.sync();
    await ada.sendText(roomId, 'm1');
    await ada.setState(roomId, 'm.room.topic', { topic: 'first' });
    await ada.setState(roomId, 'm.room.topic', { topic: 'second' });
    const room = joined(await ada.sync({ since, filter: MESSAGES }), roomId);
    expect(bodies(room?.timeline?.events)).toEqual(['m1']);
    expect(room?.state?.events.map(({ content }) => content)).toEqual([{ topic: 'second' }]);
  });

  it('that wants nothing of what is new makes no news', async () => {
    const { ada, roomId } = await roomOf('ada');
    const { next_batch: since } = await ada.sync();
    const filter = { room: { timeline: { types: [] }, state: { types: [] } } };
    await ada.sendText(roomId, 'm1');
    await ada.setState(roomId, 'm.room.topic', { topic: 't' });
    const answer = await ada.sync({ since, filter });
    expect(answer.rooms).toBeUndefined();
    expect(answer.next_batch).not.toBe(since);
  });

  it.each([
    ['by sender', (ada: string) => ({ senders: [ada] }), ['of ada']],
    ['by others', (ada: string) => ({ not_senders: [ada] }), ['of bela']],
    ['by room', () => ({ rooms: ['!other:harbour.example'] }), []],
    ['by url', () => ({ contains_url: true }), []],
  ])('chooses %s', async (_what, timeline, expected) => {
    const { ada, bela, roomId } = await roomOf('bela');
    const { next_batch: since } = await ada.sync();
    await ada.sendText(roomId, 'of ada');
    await bela.sendText(roomId, 'of bela');
    const filter = { room: { timeline: timeline(ada.userId) } };
    expect(bodies(joined(await ada.sync({ since, filter }), roomId)?.timeline?.events)).toEqual(
      expected,
    );
  });

  it('may want no events at all, and is told that there are some', async () => {
    const { ada, roomId } = await roomOf('ada');
    const { next_batch: since } = await ada.sync();
    await ada.setState(roomId, 'm.room.topic', { topic: 't' });
    const filter = { room: { timeline: { limit: 0 } } };
    const answer = await ada.sync({ since, filter });
    const room = joined(answer, roomId);
    expect(room?.timeline).toEqual({ events: [], limited: true, prev_batch: answer.next_batch });
    expect(room?.state?.events.map(({ content }) => content)).toEqual([{ topic: 't' }]);
  });
});

describe('a filter of rooms and of state', () => {
  it('leaves out rooms', async () => {
    const { ada, roomId } = await roomOf('ada');
    const other = await ada.createRoom({});
    const rooms = async (room: object) =>
      Object.keys((await ada.sync({ filter: { room } })).rooms?.join ?? {});
    expect(await rooms({ rooms: [roomId] })).toEqual([roomId]);
    expect(await rooms({ not_rooms: [roomId] })).toEqual([other]);
    expect(await rooms({ rooms: [roomId], not_rooms: [roomId] })).toEqual([]);
  });

  it('leaves out kinds of state', async () => {
    const { ada, roomId } = await roomOf('ada');
    const state = async (filter: object) => {
      const room = { timeline: { limit: 1 }, state: filter };
      await ada.sendText(roomId, 'newest');
      return joined(await ada.sync({ filter: { room } }), roomId)?.state?.events ?? [];
    };
    expect((await state({ types: ['m.room.n*'] })).map(({ type }) => type)).toEqual([
      'm.room.name',
    ]);
    expect(await state({ not_types: ['*'] })).toEqual([]);
    expect(await state({ not_rooms: [roomId] })).toEqual([]);
  });
});

describe('members that are loaded lazily', () => {
  const LAZY = { room: { timeline: { limit: 1 }, state: { lazy_load_members: true } } };

  it('are at first those who speak, and oneself', async () => {
    const { ada, bela, cleo, roomId } = await roomOf('bela', 'cleo');
    await bela.sendText(roomId, 'hello');
    const room = joined(await ada.sync({ filter: LAZY }), roomId);
    expect(members(room?.state?.events)).toEqual(ids(ada, bela));
    const everybody = joined(
      await ada.sync({ filter: { room: { timeline: { limit: 1 } } } }),
      roomId,
    );
    expect(members(everybody?.state?.events)).toEqual(ids(ada, bela, cleo));
    expect(room?.summary).toMatchObject({ 'm.joined_member_count': 3 });
  });

  it('are those, too, who name a room without a name', async () => {
    const { ada, bela, cleo, roomId } = await roomOf('bela', 'cleo');
    await ada.setState(roomId, 'm.room.name', {});
    await ada.sendText(roomId, 'hello');
    const room = joined(await ada.sync({ filter: LAZY }), roomId);
    expect(room?.summary?.['m.heroes']).toEqual([bela.userId, cleo.userId]);
    expect(members(room?.state?.events)).toEqual(ids(ada, bela, cleo));
  });

  it('are later those who speak', async () => {
    const { ada, bela, roomId } = await roomOf('bela', 'cleo');
    const { next_batch: since } = await ada.sync({ filter: LAZY });
    await bela.sendText(roomId, 'hello');
    const room = joined(await ada.sync({ since, filter: LAZY }), roomId);
    expect(members(room?.state?.events)).toEqual(ids(bela));
    const after = await ada.sync({ since, filter: LAZY, use_state_after: true });
    expect(members(joined(after, roomId)?.state_after?.events)).toEqual(ids(bela));
  });

  it('are all who changed where events are left out', async () => {
    const { ada, bela, cleo, roomId } = await roomOf('bela');
    const { next_batch: since } = await ada.sync({ filter: LAZY });
    await cleo.join(roomId);
    await bela.leave(roomId);
    await ada.sendText(roomId, 'newest');
    const room = joined(await ada.sync({ since, filter: LAZY }), roomId);
    expect(room?.timeline?.limited).toBe(true);
    expect(members(room?.state?.events)).toEqual(ids(ada, bela, cleo));
  });

  it('are again those who speak where the whole state is asked for', async () => {
    const { ada, bela, roomId } = await roomOf('bela', 'cleo');
    const { next_batch: since } = await ada.sync({ filter: LAZY });
    await bela.sendText(roomId, 'hello');
    const answer = await ada.sync({ since, filter: LAZY, full_state: true });
    expect(members(joined(answer, roomId)?.state?.events)).toEqual(ids(ada, bela));
  });
});
