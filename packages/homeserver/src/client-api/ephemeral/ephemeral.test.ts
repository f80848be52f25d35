import type { SyncResponse } from '@hansa/protocol/wire';
import { deadline, WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const encode = encodeURIComponent;
/** Longer than any test may take: who is not woken fails. */
const FOR_EVER = 55_000;

let network: WorkspaceNetwork;
/** Of one workspace; cleo is of another. */
let ada: MatrixClient;
let ben: MatrixClient;
let cleo: MatrixClient;
let roomId: string;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
  ben = await network.server(0).register('ben');
});
afterAll(() => network[Symbol.asyncDispose]());

beforeEach(async () => {
  roomId = await ada.createRoom({ preset: 'public_chat' });
  await ben.join(roomId);
});

const type = (who: MatrixClient, body: object = { typing: true }, asWhom = who) =>
  who.http.exchange('PUT', `${API}/rooms/${encode(roomId)}/typing/${encode(asWhom.userId)}`, {
    body,
  });
const read = (who: MatrixClient, eventId: string, body: object = {}, kind = 'm.read') =>
  who.http.exchange('POST', `${API}/rooms/${encode(roomId)}/receipt/${kind}/${encode(eventId)}`, {
    body,
  });
const ephemeralOf = ({ rooms }: SyncResponse) => rooms?.join?.[roomId]?.ephemeral?.events ?? [];
const contentsOf = (answer: SyncResponse, kind: string) =>
  ephemeralOf(answer)
    .filter((event) => event.type === kind)
    .map(({ content }) => content);

/** Waits for the next answer that tells of a kind; what comes before it is passed over. */
async function nextOf(who: MatrixClient, kind: string, since: string) {
  for (let at = since; ;) {
    const answer = await who.sync({ since: at, timeout: FOR_EVER });
    const [content] = contentsOf(answer, kind);
    if (content !== undefined) return { content, since: answer.next_batch };
    at = answer.next_batch;
  }
}

describe('typing', () => {
  it('is told to those in the room while it lasts', async () => {
    const { next_batch: since } = await ben.sync();
    expect(await type(ada, { typing: true, timeout: 30_000 })).toMatchObject({
      status: 200,
      body: {},
    });
    const begun = await nextOf(ben, 'm.typing', since);
    expect(begun.content).toEqual({ user_ids: [ada.userId] });
    const quiet = await ben.sync({ since: begun.since, timeout: 10 });
    expect(quiet.rooms).toBeUndefined();
    await type(ada, { typing: false });
    const ended = await nextOf(ben, 'm.typing', quiet.next_batch);
    expect(ended.content).toEqual({ user_ids: [] });
    expect(contentsOf(await ben.sync(), 'm.typing')).toEqual([]);
  });

  it('ends of itself', async () => {
    let { next_batch: since } = await ben.sync();
    await type(ada, { typing: true, timeout: 50 });
    let content: unknown;
    do {
      ({ content, since } = await nextOf(ben, 'm.typing', since));
    } while (JSON.stringify(content) !== '{"user_ids":[]}');
  });

  it('reaches other servers, and comes from there', async () => {
    await cleo.join(roomId, ['s1.test']);
    const { next_batch: since } = await cleo.sync();
    await type(ada);
    const begun = await nextOf(cleo, 'm.typing', since);
    expect(begun.content).toEqual({ user_ids: [ada.userId] });
    await type(ada, { typing: false });
    expect((await nextOf(cleo, 'm.typing', begun.since)).content).toEqual({ user_ids: [] });
    const { next_batch: before } = await ada.sync();
    await type(cleo);
    const come = await nextOf(ada, 'm.typing', before);
    expect(come.content).toEqual({ user_ids: [cleo.userId] });
  });

  it('is of oneself, in a room that one is in, for a time', async () => {
    expect(await type(ada, { typing: true }, ben)).toMatchObject({ status: 403 });
    expect(await type(cleo)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    for (const body of [{}, { typing: 'yes' }, { typing: true, timeout: -1 }]) {
      expect(await type(ada, body)).toMatchObject({ status: 400, body: { errcode: 'M_BAD_JSON' } });
    }
  });

  it('is left out where the filter says so', async () => {
    await type(ada);
    expect(contentsOf(await ben.sync(), 'm.typing')).toEqual([{ user_ids: [ada.userId] }]);
    for (const ephemeral of [{ types: ['m.receipt'] }, { not_rooms: [roomId] }]) {
      const answer = await ben.sync({ filter: { room: { ephemeral } } });
      expect(ephemeralOf(answer)).toEqual([]);
    }
  });
});

describe('a receipt', () => {
  const mRead = (eventId: string, userId: string, more: object = {}) => ({
    [eventId]: { 'm.read': { [userId]: { ts: expect.any(Number), ...more } } },
  });

  it('is told to those in the room, at once and to who syncs first later', async () => {
    const eventId = await ada.sendText(roomId, 'hello');
    const { next_batch: since } = await ada.sync();
    expect(await read(ben, eventId)).toMatchObject({ status: 200, body: {} });
    const expected = mRead(eventId, ben.userId);
    expect((await nextOf(ada, 'm.receipt', since)).content).toEqual(expected);
    expect(contentsOf(await ada.sync(), 'm.receipt')).toEqual([expected]);
  });

  it('is replaced by one further on, and by none behind it', async () => {
    const [first, second] = [await ada.sendText(roomId, '1'), await ada.sendText(roomId, '2')];
    await read(ben, second);
    const { next_batch: since } = await ada.sync();
    for (const eventId of [first, second]) expect((await read(ben, eventId)).status).toBe(200);
    expect((await ada.sync({ since, timeout: 10 })).rooms).toBeUndefined();
    expect(contentsOf(await ada.sync(), 'm.receipt')).toEqual([mRead(second, ben.userId)]);
  });

  it('outlives a restart', async () => {
    const eventId = await ada.sendText(roomId, 'hello');
    await read(ben, eventId);
    await using own = await WorkspaceNetwork.create({ servers: 1 });
    const [dora] = await own.people('dora');
    const room = await dora.createRoom({});
    const said = await dora.sendText(room, 'hello');
    const path = `${API}/rooms/${encode(room)}/receipt/m.read/${encode(said)}`;
    await dora.http.request('POST', path, {});
    await own.server(0).stop();
    await own.server(0).resume();
    const session = own.server(0).session(dora.accessToken);
    const answer = await session.request<SyncResponse>('GET', `${API}/sync`);
    expect(answer.rooms?.join?.[room]?.ephemeral?.events).toEqual([
      { type: 'm.receipt', content: mRead(said, dora.userId) },
    ]);
  });

  it('that is private is told to its user alone', async () => {
    await cleo.join(roomId, ['s1.test']);
    const eventId = await ada.sendText(roomId, 'hello');
    await cleo.until((client) => client.room(roomId).bodies().includes('hello'), deadline('hello'));
    const { next_batch: since } = await ada.sync();
    await read(ben, eventId, {}, 'm.read.private');
    expect(contentsOf(await ben.sync(), 'm.receipt')).toEqual([
      { [eventId]: { 'm.read.private': { [ben.userId]: { ts: expect.any(Number) } } } },
    ]);
    expect((await ada.sync({ since, timeout: 10 })).rooms).toBeUndefined();
    await read(ben, eventId);
    expect((await nextOf(ada, 'm.receipt', since)).content).toEqual(mRead(eventId, ben.userId));
  });

  it('reaches other servers, and comes from there', async () => {
    await cleo.join(roomId, ['s1.test']);
    const { next_batch: atCleo } = await cleo.sync();
    const eventId = await ada.sendText(roomId, 'hello');
    await read(ada, eventId);
    const expected = mRead(eventId, ada.userId);
    expect((await nextOf(cleo, 'm.receipt', atCleo)).content).toEqual(expected);
    const { next_batch: atAda } = await ada.sync();
    await read(cleo, eventId);
    const back = mRead(eventId, cleo.userId);
    expect((await nextOf(ada, 'm.receipt', atAda)).content).toEqual(back);
  });

  it('may be of a thread, and stands beside those of others', async () => {
    const root = await ada.sendText(roomId, 'root');
    const relation = { rel_type: 'm.thread', event_id: root };
    const content = { msgtype: 'm.text', body: 'in it', 'm.relates_to': relation };
    const inThread = await ada.send(roomId, 'm.room.message', content);
    const body = { thread_id: root };
    expect((await read(ben, inThread, body)).status).toBe(200);
    expect((await read(ben, root, { thread_id: 'main' })).status).toBe(200);
    expect((await read(ben, inThread)).status).toBe(200);
    const told = contentsOf(await ada.sync(), 'm.receipt');
    expect(told).toHaveLength(3);
    expect(told).toContainEqual(mRead(inThread, ben.userId, { thread_id: root }));
    expect(told).toContainEqual(mRead(root, ben.userId, { thread_id: 'main' }));
    expect(told).toContainEqual(mRead(inThread, ben.userId));
    for (const wrong of [{ thread_id: 'main' }, { thread_id: '$elsewhere' }]) {
      expect(await read(ben, inThread, wrong)).toMatchObject({
        status: 400,
        body: { errcode: 'M_INVALID_PARAM' },
      });
    }
    expect(await read(ben, inThread, { thread_id: '' })).toMatchObject({ status: 400 });
  });

  it('is of an event, by somebody in its room, of a type that there is', async () => {
    const eventId = await ada.sendText(roomId, 'hello');
    expect(await read(cleo, eventId)).toMatchObject({ status: 403 });
    expect(await read(ben, `$${'x'.repeat(43)}`)).toMatchObject({ status: 404 });
    expect(await read(ben, eventId, {}, 'm.seen')).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
  });
});
