import type { ClientEvent } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const encode = encodeURIComponent;

interface Context {
  readonly start: string;
  readonly end: string;
  readonly event: ClientEvent;
  readonly events_before: readonly ClientEvent[];
  readonly events_after: readonly ClientEvent[];
  readonly state: readonly ClientEvent[];
}

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const around = (who: MatrixClient, roomId: string, eventId: string, query: object = {}) => {
  const search = new URLSearchParams(Object.entries(query));
  const path = `${API}/rooms/${encode(roomId)}/context/${encode(eventId)}?${search.toString()}`;
  return who.http.exchange<Context>('GET', path);
};
const bodiesOf = (events: readonly ClientEvent[]) => events.map(({ content }) => content['body']);

async function setUp() {
  const [ada, ben] = await workspace.people('ada', 'ben');
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  await ben.join(roomId);
  const ids: string[] = [];
  for (let number = 1; number <= 7; number += 1) ids.push(await ada.sendText(roomId, `${number}`));
  const [, , , middle = ''] = ids;
  return { ada, ben, roomId, ids, middle };
}

describe('the context of an event', () => {
  it('is what was said before and behind it, to go on from in both directions', async () => {
    const { ben, roomId, middle } = await setUp();
    const { body, status } = await around(ben, roomId, middle, { limit: 4 });
    expect(status).toBe(200);
    expect(body.event).toMatchObject({ event_id: middle, content: { body: '4' } });
    expect(bodiesOf(body.events_before)).toEqual(['3', '2']);
    expect(bodiesOf(body.events_after)).toEqual(['5', '6']);
    const older = await ben.messages(roomId, { dir: 'b', from: body.start, limit: 1 });
    expect(bodiesOf(older.chunk)).toEqual(['1']);
    const newer = await ben.messages(roomId, { dir: 'f', from: body.end, limit: 9 });
    expect(bodiesOf(newer.chunk)).toEqual(['7']);
  });

  it('may be nothing but the event, with the state there', async () => {
    const { ada, ben, roomId, middle } = await setUp();
    await ada.setState(roomId, 'm.room.name', { name: 'Later' });
    const { body } = await around(ben, roomId, middle, { limit: 0 });
    expect([body.events_before, body.events_after]).toEqual([[], []]);
    expect(body.state.map(({ type }) => type)).toContain('m.room.create');
    expect(body.state.map(({ type }) => type)).not.toContain('m.room.name');
    const older = await ben.messages(roomId, { dir: 'b', from: body.start, limit: 1 });
    expect(bodiesOf(older.chunk)).toEqual(['3']);
    const { body: all } = await around(ben, roomId, middle, { limit: 100 });
    expect(all.state.map(({ type }) => type)).toContain('m.room.name');
  });

  it('heeds a filter, members of whom nobody speaks among it', async () => {
    const { ada, ben, roomId, middle } = await setUp();
    const lazy = { filter: JSON.stringify({ lazy_load_members: true, types: ['m.room.*'] }) };
    const { body } = await around(ben, roomId, middle, { ...lazy, limit: 2 });
    const members = body.state.filter(({ type }) => type === 'm.room.member');
    expect(members.map(({ state_key }) => state_key)).toEqual([ada.userId]);
    const elsewhere = { filter: JSON.stringify({ not_rooms: [roomId] }) };
    const { body: none } = await around(ben, roomId, middle, elsewhere);
    expect([none.events_before, none.events_after, none.state]).toEqual([[], [], []]);
    expect(none.event.event_id).toBe(middle);
  });

  it('ends for who left where they left, and is nothing for who was never there', async () => {
    const { ada, ben, roomId, ids } = await setUp();
    const last = ids.at(-1) ?? '';
    await ben.leave(roomId);
    const unseen = await ada.sendText(roomId, 'without ben');
    const { body } = await around(ben, roomId, last);
    expect(bodiesOf(body.events_after)).not.toContain('without ben');
    expect(await around(ben, roomId, unseen)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
    const [eve] = await workspace.people('eve');
    expect(await around(eve, roomId, last)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });
});
