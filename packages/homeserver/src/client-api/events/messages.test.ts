import type { ClientEvent, TimelinePage } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient, type MessagesQuery } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** A public room in which the creator has said `m1`, `m2` … */
async function roomWith(count: number): Promise<{ ada: MatrixClient; roomId: string }> {
  const [ada] = await workspace.people('ada');
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  for (let n = 1; n <= count; n += 1) await ada.sendText(roomId, `m${n}`);
  return { ada, roomId };
}

const bodies = (events: readonly ClientEvent[] = []) =>
  events.flatMap(({ type, content }) => (type === 'm.room.message' ? [content['body']] : []));

const ids = (events: readonly ClientEvent[]) => events.map(({ event_id }) => event_id);

/** Pages until there is no `end`. */
async function allPages(
  client: MatrixClient,
  roomId: string,
  query: MessagesQuery,
): Promise<readonly TimelinePage[]> {
  const pages: TimelinePage[] = [];
  let { from } = query;
  do {
    const page = await client.messages(roomId, { ...query, from });
    pages.push(page);
    from = page.end;
  } while (from !== undefined);
  return pages;
}

const get = (client: MatrixClient, roomId: string, query: string) =>
  client.http.exchange(
    'GET',
    `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages?${query}`,
  );

describe('paging through a room', () => {
  it('shows everything once, backwards and forwards, and says where it ends', async () => {
    const { ada, roomId } = await roomWith(10);
    const backward = await allPages(ada, roomId, { dir: 'b', limit: 5 });
    const forward = await allPages(ada, roomId, { dir: 'f', limit: 5 });
    const older = backward.flatMap(({ chunk }) => chunk);
    const newer = forward.flatMap(({ chunk }) => chunk);
    expect(ids(older)).toEqual(ids(newer).toReversed());
    expect(new Set(ids(newer)).size).toBe(newer.length);
    expect(newer[0]?.type).toBe('m.room.create');
    expect(bodies(newer)).toEqual(Array.from({ length: 10 }, (_, n) => `m${n + 1}`));
    expect(backward.slice(0, -1).map(({ chunk }) => chunk.length)).toEqual([5, 5, 5]);
    for (const pages of [backward, forward]) {
      expect(pages.slice(1).map(({ start }) => start)).toEqual(
        pages.slice(0, -1).map(({ end }) => end),
      );
    }
  });

  it('goes on forwards when there is more', async () => {
    const { ada, roomId } = await roomWith(1);
    const { next_batch: from } = await ada.sync();
    expect(await ada.messages(roomId, { dir: 'f', from })).toEqual({ start: from, chunk: [] });
    await ada.sendText(roomId, 'm2');
    const page = await ada.messages(roomId, { dir: 'f', from });
    expect(bodies(page.chunk)).toEqual(['m2']);
    expect(page.end).toBeUndefined();
  });

  it('takes tokens of sync: before its timeline, behind it, and the gap between two', async () => {
    const { ada, roomId } = await roomWith(3);
    const filter = { room: { timeline: { limit: 2 } } };
    const first = await ada.sync({ filter });
    const before = first.rooms?.join?.[roomId]?.timeline;
    expect(bodies(before?.events)).toEqual(['m2', 'm3']);
    const older = await ada.messages(roomId, { dir: 'b', from: before?.prev_batch, limit: 1 });
    expect(bodies(older.chunk)).toEqual(['m1']);
    for (let n = 4; n <= 9; n += 1) await ada.sendText(roomId, `m${n}`);
    const since = first.next_batch;
    const second = await ada.sync({ since, filter });
    const timeline = second.rooms?.join?.[roomId]?.timeline;
    expect(timeline?.limited).toBe(true);
    expect(bodies(timeline?.events)).toEqual(['m8', 'm9']);
    const gap = { from: since, to: timeline?.prev_batch, limit: 3, dir: 'f' } as const;
    const forward = (await allPages(ada, roomId, gap)).flatMap(({ chunk }) => chunk);
    expect(bodies(forward)).toEqual(['m4', 'm5', 'm6', 'm7']);
    const back = { from: timeline?.prev_batch, to: since, limit: 3, dir: 'b' } as const;
    const backward = (await allPages(ada, roomId, back)).flatMap(({ chunk }) => chunk);
    expect(ids(backward)).toEqual(ids(forward).toReversed());
    const behind = await ada.messages(roomId, { dir: 'b', from: second.next_batch, limit: 1 });
    expect(bodies(behind.chunk)).toEqual(['m9']);
    const { rooms } = await ada.sync({ since: behind.end ?? '' });
    expect(bodies(rooms?.join?.[roomId]?.timeline?.events)).toEqual(['m9']);
  });

  it('holds to its limit, and to ten where none is given', async () => {
    const { ada, roomId } = await roomWith(12);
    expect(bodies((await ada.messages(roomId, { dir: 'b' })).chunk)).toHaveLength(10);
    const none = await ada.messages(roomId, { dir: 'b', limit: 0 });
    expect(none).toEqual({ start: none.start, end: none.start, chunk: [] });
    expect(bodies((await ada.messages(roomId, { dir: 'b', limit: 5000 })).chunk)).toHaveLength(12);
  });

  it('shows what a filter wants, page by page', async () => {
    const { ada, roomId } = await roomWith(2);
    await ada.setState(roomId, 'm.room.name', { name: 'between' });
    for (let n = 3; n <= 5; n += 1) await ada.sendText(roomId, `m${n}`);
    const filter = { types: ['m.room.message'] };
    const pages = await allPages(ada, roomId, { dir: 'b', limit: 2, filter });
    expect(pages.map(({ chunk }) => bodies(chunk))).toEqual([['m5', 'm4'], ['m3', 'm2'], ['m1']]);
    const others = await ada.messages(roomId, { dir: 'b', filter: { not_rooms: [roomId] } });
    expect(others).toEqual({ start: others.start, chunk: [] });
    const { chunk } = await ada.messages(roomId, { dir: 'b', filter: { limit: 1 } });
    expect(chunk).toHaveLength(1);
  });

  it('brings the members who speak, where they are loaded lazily', async () => {
    const { ada, roomId } = await roomWith(1);
    const [bela] = await workspace.people('bela');
    await bela.join(roomId);
    await bela.sendText(roomId, 'hello');
    const lazy = { lazy_load_members: true, types: ['m.room.message'] };
    const page = await ada.messages(roomId, { dir: 'b', limit: 1, filter: lazy });
    expect(page.state?.map(({ state_key }) => state_key)).toEqual([bela.userId]);
    expect((await ada.messages(roomId, { dir: 'b', limit: 1 })).state).toBeUndefined();
  });

  it('takes a token of another database as none', async () => {
    const { ada, roomId } = await roomWith(2);
    const page = await ada.messages(roomId, { dir: 'b', from: 'h1_elsewhere_1', limit: 1 });
    expect(bodies(page.chunk)).toEqual(['m2']);
  });

  it.each([
    ['dir=x', 'M_INVALID_PARAM'],
    ['', 'M_MISSING_PARAM'],
    ['dir=b&from=nonsense', 'M_INVALID_PARAM'],
    ['dir=b&to=nonsense', 'M_INVALID_PARAM'],
    ['dir=b&limit=-1', 'M_INVALID_PARAM'],
    ['dir=b&limit=ten', 'M_INVALID_PARAM'],
    ['dir=b&filter=nonsense', 'M_INVALID_PARAM'],
    ['dir=b&filter=[]', 'M_INVALID_PARAM'],
    ['dir=b&filter={"limit":"ten"}', 'M_BAD_JSON'],
  ])('refuses ?%s', async (query, errcode) => {
    const { ada, roomId } = await roomWith(0);
    expect(await get(ada, roomId, query)).toMatchObject({ status: 400, body: { errcode } });
  });
});

describe('who has left', () => {
  it('reads up to the leave, whichever way', async () => {
    const { ada, roomId } = await roomWith(1);
    const [bela] = await workspace.people('bela');
    await bela.join(roomId);
    await ada.sendText(roomId, 'while in');
    await bela.leave(roomId);
    await ada.sendText(roomId, 'behind the back');
    const { next_batch: now } = await ada.sync();
    for (const query of [{ dir: 'b' }, { dir: 'b', from: now }, { dir: 'f' }] as const) {
      const pages = await allPages(bela, roomId, { ...query, limit: 3 });
      const seen = pages.flatMap(({ chunk }) => chunk);
      expect(bodies(seen).map(String).toSorted()).toEqual(['m1', 'while in']);
      const newest = query.dir === 'b' ? seen[0] : seen.at(-1);
      expect(newest).toMatchObject({ state_key: bela.userId, content: { membership: 'leave' } });
    }
    const lazy = { lazy_load_members: true };
    await ada.http.request('PUT', `/_matrix/client/v3/profile/${ada.userId}/displayname`, {
      displayname: 'changed since',
    });
    const { state } = await bela.messages(roomId, { dir: 'b', limit: 3, filter: lazy });
    expect(JSON.stringify(state)).not.toContain('changed since');
  });

  it('is told apart from who never was in', async () => {
    const { roomId } = await roomWith(1);
    const [stranger] = await workspace.people('stranger');
    expect(await get(stranger, roomId, 'dir=b')).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });
});
