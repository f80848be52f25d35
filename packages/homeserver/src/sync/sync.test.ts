import type { ClientEvent, SyncResponse } from '@hansa/protocol/wire';
import { TestWorkspace, VirtualEffects, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const joined = (answer: SyncResponse, roomId: string) => answer.rooms?.join?.[roomId];

const bodies = (events: readonly ClientEvent[] = []) =>
  events.flatMap(({ type, content }) => (type === 'm.room.message' ? [content['body']] : []));

const timelineOf = (answer: SyncResponse, roomId: string) => joined(answer, roomId)?.timeline;

const stateOf = (answer: SyncResponse, roomId: string) =>
  joined(answer, roomId)?.state?.events ?? [];

const types = (events: readonly ClientEvent[] = []) => events.map(({ type }) => type);

const limit = (count: number) => ({ room: { timeline: { limit: count } } });

async function publicRoom(name?: string) {
  const [ada, bela] = await workspace.people('ada', 'bela');
  const roomId = await ada.createRoom({ preset: 'public_chat', ...(name && { name }) });
  return { ada, bela, roomId };
}

describe('a first sync', () => {
  it('of somebody without rooms is empty, and has a token', async () => {
    const [ada] = await workspace.people('ada');
    expect(await ada.sync()).toEqual({
      next_batch: expect.any(String),
      device_one_time_keys_count: {},
      device_unused_fallback_key_types: [],
    });
  });

  it('shows a new room whole in its timeline, without state before it', async () => {
    const { ada, roomId } = await publicRoom();
    await ada.sendText(roomId, 'hello');
    const room = joined(await ada.sync(), roomId);
    expect(room?.timeline?.limited).toBe(false);
    expect(types(room?.timeline?.events)).toEqual([
      'm.room.create',
      'm.room.member',
      'm.room.power_levels',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
      'm.room.message',
    ]);
    expect(room?.state?.events).toEqual([]);
    expect(room?.timeline?.events.every((event) => !('room_id' in event))).toBe(true);
  });

  it('of a longer room has the newest events, and the state at the start of them', async () => {
    const { ada, roomId } = await publicRoom('first');
    await ada.setState(roomId, 'm.room.name', { name: 'second' });
    for (let n = 1; n <= 3; n += 1) await ada.sendText(roomId, `m${n}`);
    await ada.setState(roomId, 'm.room.name', { name: 'third' });
    const room = joined(await ada.sync({ filter: limit(3) }), roomId);
    expect(bodies(room?.timeline?.events)).toEqual(['m2', 'm3']);
    expect(room?.timeline?.limited).toBe(true);
    const names = room?.state?.events.filter(({ type }) => type === 'm.room.name');
    expect(names?.map(({ content }) => content['name'])).toEqual(['second']);
    expect(types(room?.state?.events).toSorted()).toEqual([
      'm.room.create',
      'm.room.guest_access',
      'm.room.history_visibility',
      'm.room.join_rules',
      'm.room.member',
      'm.room.name',
      'm.room.power_levels',
    ]);
  });

  it('has twenty events where no limit is given', async () => {
    const { ada, roomId } = await publicRoom();
    await Promise.all(Array.from({ length: 30 }, (_, n) => ada.sendText(roomId, `m${n}`)));
    expect(timelineOf(await ada.sync(), roomId)?.events).toHaveLength(20);
  });

  it('answers at once, whatever the timeout', async () => {
    // Time stands still there: an answer that waited would never come.
    await using still = await TestWorkspace.start({ effects: new VirtualEffects() });
    const [ada] = await still.people('ada');
    await ada.sync({ timeout: 60_000 });
  });
});

describe('a further sync', () => {
  it('has what is new since its token, and nothing where nothing is', async () => {
    const { ada, roomId } = await publicRoom();
    const first = await ada.sync();
    const nothing = await ada.sync({ since: first.next_batch });
    expect(nothing.rooms).toBeUndefined();
    const eventId = await ada.sendText(roomId, 'hello');
    for (const since of [first.next_batch, nothing.next_batch]) {
      const answer = await ada.sync({ since });
      expect(joined(answer, roomId)).toEqual({
        timeline: {
          events: [expect.objectContaining({ event_id: eventId })],
          limited: false,
          prev_batch: since,
        },
        state: { events: [] },
      });
      expect((await ada.sync({ since: answer.next_batch })).rooms).toBeUndefined();
    }
  });

  it('that leaves events out says what they changed of the state', async () => {
    const { ada, bela, roomId } = await publicRoom('first');
    await bela.join(roomId);
    const { next_batch: since } = await ada.sync();
    await ada.setState(roomId, 'm.room.name', { name: 'second' });
    await ada.setState(roomId, 'm.room.topic', { topic: 'T' });
    await ada.setState(roomId, 'm.room.name', { name: 'third' });
    await bela.leave(roomId);
    await ada.sendText(roomId, 'm1');
    await ada.setState(roomId, 'm.room.name', { name: 'fourth' });
    const answer = await ada.sync({ since, filter: limit(2) });
    expect(timelineOf(answer, roomId)).toMatchObject({ limited: true });
    expect(types(timelineOf(answer, roomId)?.events)).toEqual(['m.room.message', 'm.room.name']);
    const state = stateOf(answer, roomId).map(({ type, content }) => [type, content]);
    expect(Object.fromEntries(state)).toEqual({
      'm.room.name': { name: 'third' },
      'm.room.topic': expect.objectContaining({ topic: 'T' }),
      'm.room.member': { membership: 'leave' },
    });
    expect(state).toHaveLength(3);
  });

  it('of a room joined since has all of it', async () => {
    const { ada, bela, roomId } = await publicRoom('Square');
    await ada.sendText(roomId, 'before');
    const { next_batch: since } = await bela.sync();
    await bela.join(roomId);
    const answer = await bela.sync({ since, filter: limit(2) });
    const events = timelineOf(answer, roomId)?.events;
    expect(bodies(events)).toEqual(['before']);
    expect(events?.[1]).toMatchObject({ state_key: bela.userId, content: { membership: 'join' } });
    expect(types(stateOf(answer, roomId))).toContain('m.room.create');
    expect(types(stateOf(answer, roomId))).toContain('m.room.name');
    expect(joined(answer, roomId)?.summary).toMatchObject({ 'm.joined_member_count': 2 });
    await bela.setState(
      roomId,
      'm.room.member',
      { membership: 'join', displayname: 'other' },
      bela.userId,
    );
    const renamed = await bela.sync({ since: answer.next_batch });
    expect(types(timelineOf(renamed, roomId)?.events)).toEqual(['m.room.member']);
    expect(stateOf(renamed, roomId)).toEqual([]);
  });

  it('of a room left and joined again has what changed meanwhile', async () => {
    const { ada, bela, roomId } = await publicRoom('before');
    await bela.join(roomId);
    const { next_batch: since } = await bela.sync();
    await bela.leave(roomId);
    await ada.setState(roomId, 'm.room.name', { name: 'meanwhile' });
    const left = await bela.sync({ since });
    expect(left.rooms?.leave?.[roomId]).toBeDefined();
    await bela.join(roomId);
    const again = await bela.sync({ since: left.next_batch, filter: limit(1) });
    expect(types(stateOf(again, roomId))).toContain('m.room.create');
    const atOnce = await bela.sync({ since });
    expect(atOnce.rooms?.leave).toBeUndefined();
    const room = joined(atOnce, roomId);
    expect([...(room?.state?.events ?? []), ...(room?.timeline?.events ?? [])]).toContainEqual(
      expect.objectContaining({ type: 'm.room.name', content: { name: 'meanwhile' } }),
    );
  });

  it('has its own events, too, and those of all its rooms', async () => {
    const [ada] = await workspace.people('ada');
    const rooms = await Promise.all([ada.createRoom({}), ada.createRoom({}), ada.createRoom({})]);
    const { next_batch: since } = await ada.sync();
    for (const roomId of rooms) await ada.sendText(roomId, 'hello');
    const answer = await ada.sync({ since });
    expect(Object.keys(answer.rooms?.join ?? {}).toSorted()).toEqual(rooms.toSorted());
  });

  it('shows an event redacted in the meantime without its content, and the redaction', async () => {
    const { ada, roomId } = await publicRoom();
    const { next_batch: since } = await ada.sync();
    const eventId = await ada.sendText(roomId, 'secret');
    const redaction = await ada.redact(roomId, eventId);
    const [first, second] = timelineOf(await ada.sync({ since }), roomId)?.events ?? [];
    expect(first).toMatchObject({
      event_id: eventId,
      content: {},
      unsigned: { redacted_because: { event_id: redaction } },
    });
    expect(second).toMatchObject({ event_id: redaction, type: 'm.room.redaction' });
    expect(JSON.stringify(await ada.sync())).not.toContain('secret');
  });
});

describe('full_state', () => {
  it('has the whole state beside what is new, at once', async () => {
    const { ada, roomId } = await publicRoom('Square');
    const { next_batch: since } = await ada.sync();
    const quiet = await ada.sync({ since, full_state: true, timeout: 60_000 });
    expect(timelineOf(quiet, roomId)?.events).toEqual([]);
    expect(stateOf(quiet, roomId)).toHaveLength((await ada.state(roomId)).length);
    await ada.setState(roomId, 'm.room.name', { name: 'Circle' });
    const answer = await ada.sync({ since, full_state: true });
    expect(types(timelineOf(answer, roomId)?.events)).toEqual(['m.room.name']);
    expect(stateOf(answer, roomId).find(({ type }) => type === 'm.room.name')?.content).toEqual({
      name: 'Square',
    });
  });
});

describe('use_state_after', () => {
  it('has the state at the end of the timeline, also where it is empty', async () => {
    const { ada, roomId } = await publicRoom('first');
    const whole = joined(await ada.sync({ use_state_after: true }), roomId);
    expect(whole).not.toHaveProperty('state');
    expect(whole?.state_after?.events).toHaveLength((await ada.state(roomId)).length);
    const { next_batch: since } = await ada.sync();
    await ada.sendText(roomId, 'm1');
    const quiet = joined(await ada.sync({ since, use_state_after: true }), roomId);
    expect(quiet?.state_after).toEqual({ events: [] });
    await ada.setState(roomId, 'm.room.name', { name: 'second' });
    const changed = joined(await ada.sync({ since, use_state_after: true }), roomId);
    expect(types(changed?.timeline?.events)).toEqual(['m.room.message', 'm.room.name']);
    expect(changed?.state_after?.events.map(({ content }) => content)).toEqual([
      { name: 'second' },
    ]);
  });
});

describe('a room’s summary', () => {
  const summary = async (client: MatrixClient, roomId: string, since?: string) =>
    joined(await client.sync({ since }), roomId)?.summary;

  it('counts members, and names heroes where the room has no name', async () => {
    const { ada, bela, roomId } = await publicRoom();
    const [cleo] = await workspace.people('cleo');
    await bela.join(roomId);
    await ada.invite(roomId, cleo.userId);
    expect(await summary(ada, roomId)).toEqual({
      'm.heroes': [bela.userId, cleo.userId],
      'm.joined_member_count': 2,
      'm.invited_member_count': 1,
    });
    const { next_batch: since } = await ada.sync();
    await ada.sendText(roomId, 'nothing that counts');
    expect(await summary(ada, roomId, since)).toBeUndefined();
    await bela.leave(roomId);
    await cleo.leave(roomId);
    expect(await summary(ada, roomId, since)).toEqual({
      'm.heroes': [bela.userId, cleo.userId],
      'm.joined_member_count': 1,
      'm.invited_member_count': 0,
    });
    await ada.setState(roomId, 'm.room.name', { name: 'Named' });
    expect(await summary(ada, roomId, since)).not.toHaveProperty('m.heroes');
    const { next_batch: named } = await ada.sync();
    await ada.setState(roomId, 'm.room.name', { name: '' });
    expect(await summary(ada, roomId, named)).toHaveProperty('m.heroes');
  });

  it('names the first five', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    const others = await workspace.people('b', 'c', 'd', 'e', 'f', 'g');
    for (const other of others) await other.join(roomId);
    expect((await summary(ada, roomId))?.['m.heroes']).toEqual(
      others.slice(0, 5).map(({ userId }) => userId),
    );
  });
});

describe('a token', () => {
  it('of another database is answered as if there were none', async () => {
    const { ada, roomId } = await publicRoom();
    const answer = await ada.sync({ since: 'h1_elsewhere_1', timeout: 60_000 });
    expect(types(timelineOf(answer, roomId)?.events)).toContain('m.room.create');
    await using other = await TestWorkspace.start();
    const bela = await other.register('bela');
    await bela.createRoom({});
    const { next_batch: foreign } = await bela.sync();
    const whole = await ada.sync({ since: foreign });
    expect(types(timelineOf(whole, roomId)?.events)).toContain('m.room.create');
  });

  it('outlives a restart', async () => {
    await using own = await TestWorkspace.start();
    const ada = await own.register('ada');
    const roomId = await ada.createRoom({});
    const { next_batch: since } = await ada.sync();
    const eventId = await ada.sendText(roomId, 'hello');
    await own.stop();
    await own.resume();
    const answer = await own
      .session(ada.accessToken)
      .request<SyncResponse>('GET', `/_matrix/client/v3/sync?since=${since}`);
    expect(timelineOf(answer, roomId)?.events.map(({ event_id }) => event_id)).toEqual([eventId]);
  });

  it.each([
    ['since=nonsense', 'M_INVALID_PARAM'],
    ['since=', 'M_INVALID_PARAM'],
    ['timeout=-1', 'M_INVALID_PARAM'],
    ['timeout=soon', 'M_INVALID_PARAM'],
    ['full_state=1', 'M_INVALID_PARAM'],
    ['use_state_after=maybe', 'M_INVALID_PARAM'],
    ['set_presence=asleep', 'M_INVALID_PARAM'],
    ['filter=unknown', 'M_INVALID_PARAM'],
    ['filter={', 'M_INVALID_PARAM'],
    ['filter={"room":[]}', 'M_BAD_JSON'],
  ])('or another parameter that is wrong is refused: ?%s', async (query, errcode) => {
    const [ada] = await workspace.people('ada');
    const answer = await ada.http.exchange('GET', `/_matrix/client/v3/sync?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errcode } });
  });
});
