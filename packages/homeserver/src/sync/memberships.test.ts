import type { ClientEvent, SyncResponse } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const types = (events: readonly { readonly type: string }[] = []) => events.map(({ type }) => type);

const bodies = (events: readonly ClientEvent[] = []) =>
  events.flatMap(({ type, content }) => (type === 'm.room.message' ? [content['body']] : []));

const left = (answer: SyncResponse, roomId: string) => answer.rooms?.leave?.[roomId];

const LEAVES = { room: { include_leave: true } };

const post = (client: MatrixClient, roomId: string, verb: string, userId: string) =>
  client.http.request('POST', `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/${verb}`, {
    user_id: userId,
  });

describe('an invite', () => {
  it('shows what the room is like, once', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ name: 'Square', topic: 'T', room_alias_name: 'inv' });
    await ada.sendText(roomId, 'secret');
    await ada.setState(roomId, 'com.example.secret', { secret: true });
    await ada.invite(roomId, bela.userId);
    const first = await bela.sync();
    const events = first.rooms?.invite?.[roomId]?.invite_state.events ?? [];
    expect(types(events).toSorted()).toEqual([
      'm.room.canonical_alias',
      'm.room.create',
      'm.room.join_rules',
      'm.room.member',
      'm.room.name',
      'm.room.topic',
    ]);
    for (const event of events) {
      expect(Object.keys(event).toSorted()).toEqual(['content', 'sender', 'state_key', 'type']);
    }
    expect(events.find(({ type }) => type === 'm.room.member')).toMatchObject({
      state_key: bela.userId,
      sender: ada.userId,
      content: { membership: 'invite' },
    });
    expect(first.rooms?.join).toBeUndefined();
    expect((await bela.sync({ since: first.next_batch })).rooms).toBeUndefined();
    expect((await bela.sync()).rooms?.invite?.[roomId]).toBeDefined();
    await bela.join(roomId);
    const joined = await bela.sync({ since: first.next_batch });
    expect(joined.rooms?.invite).toBeUndefined();
    expect(joined.rooms?.join?.[roomId]).toBeDefined();
  });

  it('that is rejected or withdrawn is gone, with nothing of the room', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ invite: [bela.userId, cleo.userId] });
    const before = new Map([
      [bela, (await bela.sync()).next_batch],
      [cleo, (await cleo.sync()).next_batch],
    ]);
    await ada.setState(roomId, 'm.room.topic', { topic: 'secret' });
    await bela.leave(roomId);
    await post(ada, roomId, 'kick', cleo.userId);
    await ada.sendText(roomId, 'secret');
    for (const [client, since] of before) {
      const answer = await client.sync({ since });
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(answer.rooms?.invite).toBeUndefined();
      expect(left(answer, roomId)).toMatchObject({
        timeline: {
          events: [{ state_key: client.userId, content: { membership: 'leave' } }],
          limited: false,
        },
        state: { events: [] },
      });
      expect((await client.sync({ since: answer.next_batch })).rooms).toBeUndefined();
      expect((await client.sync()).rooms).toBeUndefined();
      const archived = await client.sync({ filter: LEAVES });
      expect(JSON.stringify(archived)).not.toContain('secret');
      expect(left(archived, roomId)?.timeline?.events).toHaveLength(1);
    }
  });
});

describe('a knock', () => {
  it('shows what the room is like', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      name: 'Square',
      initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'knock' } }],
    });
    const { next_batch: since } = await bela.sync();
    await bela.setState(roomId, 'm.room.member', { membership: 'knock' }, bela.userId);
    const answer = await bela.sync({ since });
    const events = answer.rooms?.knock?.[roomId]?.knock_state.events;
    expect(types(events)).toEqual(expect.arrayContaining(['m.room.create', 'm.room.name']));
    expect(Object.keys(answer.rooms ?? {})).toEqual(['knock']);
    await bela.leave(roomId);
    const taken = await bela.sync({ since: answer.next_batch });
    expect(left(taken, roomId)?.timeline?.events).toMatchObject([
      { content: { membership: 'leave' } },
    ]);
    expect(left(taken, roomId)?.state?.events).toEqual([]);
  });
});

describe('a room that one has left', () => {
  it('is shown up to the leave, once', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'before' });
    await bela.join(roomId);
    const { next_batch: since } = await bela.sync();
    await ada.sendText(roomId, 'still in');
    await ada.setState(roomId, 'm.room.name', { name: 'still' });
    await bela.leave(roomId);
    await ada.sendText(roomId, 'behind the back');
    await ada.setState(roomId, 'm.room.name', { name: 'after' });
    const answer = await bela.sync({ since });
    expect(Object.keys(answer.rooms ?? {})).toEqual(['leave']);
    const room = left(answer, roomId);
    expect(bodies(room?.timeline?.events)).toEqual(['still in']);
    expect(room?.timeline?.events.at(-1)).toMatchObject({
      state_key: bela.userId,
      content: { membership: 'leave' },
    });
    expect(room?.state?.events).toEqual([]);
    expect(JSON.stringify(answer)).not.toMatch(/after|behind/);
    expect((await bela.sync({ since: answer.next_batch })).rooms).toBeUndefined();
    expect((await bela.sync()).rooms).toBeUndefined();
  });

  it('has a delta of the state where events are left out, to its end where that is asked for', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'before' });
    await bela.join(roomId);
    const { next_batch: since } = await bela.sync();
    await ada.setState(roomId, 'm.room.name', { name: 'still' });
    await ada.sendText(roomId, 'm1');
    await bela.leave(roomId);
    await ada.setState(roomId, 'm.room.name', { name: 'after' });
    const filter = { room: { timeline: { limit: 1 } } };
    const room = left(await bela.sync({ since, filter }), roomId);
    expect(room?.timeline?.limited).toBe(true);
    expect(room?.state?.events.map(({ content }) => content)).toEqual([{ name: 'still' }]);
    const after = left(await bela.sync({ since, filter, use_state_after: true }), roomId);
    expect(after).not.toHaveProperty('state');
    expect(after?.state_after?.events.map(({ content }) => content)).toEqual(
      expect.arrayContaining([{ name: 'still' }, { membership: 'leave' }]),
    );
  });

  it('is shown whole where it was joined and left between two answers', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'Square' });
    const { next_batch: since } = await bela.sync();
    await bela.join(roomId);
    await bela.leave(roomId);
    await ada.sendText(roomId, 'behind the back');
    const room = left(await bela.sync({ since }), roomId);
    expect(types(room?.timeline?.events)).toContain('m.room.create');
    expect(bodies(room?.timeline?.events)).toEqual([]);
  });

  it('is listed among others where that is asked for, as it was then', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'then' });
    await bela.join(roomId);
    await bela.leave(roomId);
    await ada.setState(roomId, 'm.room.name', { name: 'now' });
    const answer = await bela.sync({
      filter: { room: { ...LEAVES.room, timeline: { limit: 1 } } },
    });
    const room = left(answer, roomId);
    expect(room?.timeline?.events).toMatchObject([{ content: { membership: 'leave' } }]);
    expect(room?.state?.events).toContainEqual(
      expect.objectContaining({ type: 'm.room.name', content: { name: 'then' } }),
    );
    expect(JSON.stringify(answer)).not.toContain('"now"');
    const { next_batch: since } = answer;
    expect((await bela.sync({ since, filter: LEAVES })).rooms).toBeUndefined();
  });

  it.each(['kick', 'ban'])('by a %s is shown with it', async (verb) => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    const { next_batch: since } = await bela.sync();
    await post(ada, roomId, verb, bela.userId);
    const answer = await bela.sync({ since });
    expect(left(answer, roomId)?.timeline?.events).toMatchObject([
      {
        sender: ada.userId,
        state_key: bela.userId,
        content: { membership: verb === 'ban' ? 'ban' : 'leave' },
      },
    ]);
    await ada.setState(roomId, 'm.room.topic', { topic: 'secret' });
    await post(ada, roomId, verb === 'ban' ? 'unban' : 'ban', bela.userId);
    const after = await bela.sync({ since: answer.next_batch });
    expect(JSON.stringify(after)).not.toContain('secret');
    expect(left(after, roomId)?.timeline?.events).toHaveLength(1);
    expect(left(after, roomId)?.state?.events).toEqual([]);
  });
});

describe('a banned stranger', () => {
  it('learns of the ban and of nothing else', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', name: 'secret' });
    const { next_batch: since } = await bela.sync();
    await post(ada, roomId, 'ban', bela.userId);
    for (const filter of [{}, { room: { state: { lazy_load_members: true } } }]) {
      const answer = await bela.sync({ since, filter });
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(left(answer, roomId)).toMatchObject({
        timeline: { events: [{ content: { membership: 'ban' } }] },
        state: { events: [] },
      });
    }
  });
});
