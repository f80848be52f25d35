import type { ClientEvent } from '@hansa/protocol/wire';
import { deadline, WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let network: WorkspaceNetwork;
let ada: MatrixClient;
let cleo: MatrixClient;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
});
afterAll(() => network[Symbol.asyncDispose]());

const byKey = (events: readonly { type: string; state_key?: string; event_id: string }[]) =>
  Object.fromEntries(events.map((event) => [`${event.type} ${event.state_key}`, event.event_id]));

describe('a room of another server', () => {
  it('is shown by an invite, and gone when that is rejected', async () => {
    const roomId = await ada.createRoom({ name: 'Far away', invite: [cleo.userId] });
    await cleo.until(({ invites }) => invites.has(roomId), deadline('the invite'));
    const { next_batch: since, rooms } = await cleo.sync();
    const events = rooms?.invite?.[roomId]?.invite_state.events ?? [];
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['m.room.create', 'm.room.name', 'm.room.member']),
    );
    for (const event of events) {
      expect(Object.keys(event).toSorted()).toEqual(['content', 'sender', 'state_key', 'type']);
    }
    await cleo.leave(roomId);
    const answer = await cleo.sync({ since });
    expect(Object.keys(answer.rooms ?? {})).toEqual(['leave']);
    expect(answer.rooms?.leave?.[roomId]).toMatchObject({
      timeline: {
        events: [
          { type: 'm.room.member', state_key: cleo.userId, content: { membership: 'leave' } },
        ],
      },
      state: { events: [] },
    });
    expect((await cleo.sync({ since: answer.next_batch })).rooms).toBeUndefined();
    expect((await cleo.sync()).rooms?.invite?.[roomId]).toBeUndefined();
    await ada.until(
      (client) => client.room(roomId).membership(cleo.userId) === 'leave',
      deadline('the rejection'),
    );
  });

  it('is shown with all its state once it is joined, and further on', async () => {
    const roomId = await ada.createRoom({
      preset: 'public_chat',
      name: 'Market',
      room_alias_name: 'market',
    });
    await ada.sendText(roomId, 'before anybody came');
    const { next_batch: since } = await cleo.sync();
    await cleo.join('#market:s1.test');
    const room = (await cleo.sync({ since })).rooms?.join?.[roomId];
    const { timeline, state, summary } = room ?? {};
    expect(timeline?.events.at(-1)).toMatchObject({
      state_key: cleo.userId,
      content: { membership: 'join' },
    });
    expect(summary).toMatchObject({ 'm.joined_member_count': 2 });
    const told = byKey([
      ...(state?.events ?? []),
      ...(timeline?.events ?? []).filter((event) => event.state_key !== undefined),
    ]);
    expect(told).toEqual(byKey(await cleo.state(roomId)));
    await ada.until(
      (client) => client.room(roomId).membership(cleo.userId) === 'join',
      deadline('the join'),
    );
    expect(byKey(await ada.state(roomId))).toEqual(told);
    const eventId = await ada.sendText(roomId, 'hello');
    await cleo.until((client) => client.room(roomId).bodies().includes('hello'), deadline('hello'));
    const { chunk } = await cleo.messages(roomId, { dir: 'b', limit: 1 });
    expect(chunk[0]).toMatchObject({ event_id: eventId, unsigned: { membership: 'join' } });
    expect(chunk[0]?.unsigned).not.toHaveProperty('transaction_id');
  });

  it('has a past, which is fetched when somebody pages back to it', async () => {
    const roomId = await ada.createRoom({ preset: 'public_chat', room_alias_name: 'old' });
    for (let n = 1; n <= 30; n += 1) await ada.sendText(roomId, `m${n}`);
    await cleo.join('#old:s1.test');
    const { rooms } = await cleo.sync({ filter: { room: { timeline: { limit: 1 } } } });
    const seen: ClientEvent[] = [];
    let from = rooms?.join?.[roomId]?.timeline?.prev_batch;
    do {
      const page = await cleo.messages(roomId, { dir: 'b', from, limit: 7 });
      seen.push(...page.chunk);
      from = page.end;
    } while (from !== undefined);
    const { chunk } = await ada.messages(roomId, { dir: 'b', limit: 100 });
    const own = chunk.filter(({ state_key }) => state_key !== cleo.userId);
    expect(seen.map(({ event_id }) => event_id)).toEqual(own.map(({ event_id }) => event_id));
    const again = await cleo.sync({ filter: { room: { timeline: { limit: 100 } } } });
    const room = again.rooms?.join?.[roomId];
    expect(room?.timeline?.events).toHaveLength(seen.length + 1);
    expect(room?.state?.events).toEqual([]);
  });
});
