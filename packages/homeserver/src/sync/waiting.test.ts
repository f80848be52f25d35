import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** Longer than any test may take: who is not woken fails. */
const FOR_EVER = 55_000;

async function setUp() {
  const [ada, bela] = await workspace.people('ada', 'bela');
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  await bela.join(roomId);
  const { next_batch: since } = await bela.sync();
  const waiting = (filter?: object) =>
    bela.sync({ since, timeout: FOR_EVER, ...(filter && { filter }) });
  return { ada, bela, roomId, since, waiting };
}

const kick = (client: MatrixClient, roomId: string, userId: string) =>
  client.http.request('POST', `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/kick`, {
    user_id: userId,
  });

describe('a sync that waits', () => {
  it('ends when its time is up, with a token to go on from', async () => {
    const { bela, since } = await setUp();
    const answer = await bela.sync({ since, timeout: 20 });
    expect(answer.rooms).toBeUndefined();
    expect(answer.next_batch).toBe(since);
  });

  it('ends with a message', async () => {
    const { ada, roomId, waiting } = await setUp();
    const answer = waiting();
    const eventId = await ada.sendText(roomId, 'hello');
    const { rooms } = await answer;
    expect(rooms?.join?.[roomId]?.timeline?.events).toMatchObject([{ event_id: eventId }]);
  });

  it('ends with an invite to another room', async () => {
    const { ada, bela, waiting } = await setUp();
    const answer = waiting();
    const invited = await ada.createRoom({ invite: [bela.userId] });
    expect((await answer).rooms?.invite?.[invited]).toBeDefined();
  });

  it('ends when the user is removed', async () => {
    const { ada, bela, roomId, waiting } = await setUp();
    const answer = waiting();
    await kick(ada, roomId, bela.userId);
    expect((await answer).rooms?.leave?.[roomId]).toBeDefined();
  });

  it('ends with a room that another device joins, made after the wait began', async () => {
    const { ada, bela, waiting } = await setUp();
    const laptop = await workspace.logIn(bela);
    const answer = waiting();
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await laptop.join(roomId);
    expect((await answer).rooms?.join?.[roomId]).toBeDefined();
  });

  it('goes on waiting over what its filter does not want', async () => {
    const { ada, roomId, waiting } = await setUp();
    const types = ['m.room.message'];
    const answer = waiting({ room: { timeline: { types }, state: { types: [] } } });
    await ada.send(roomId, 'com.example.other', {});
    await ada.setState(roomId, 'm.room.topic', { topic: 'T' });
    const eventId = await ada.sendText(roomId, 'wanted');
    const { rooms } = await answer;
    expect(rooms?.join?.[roomId]?.timeline?.events).toMatchObject([{ event_id: eventId }]);
  });

  it('may be hung up on, and asked again', async () => {
    const { ada, bela, roomId, since, waiting } = await setUp();
    const hangUp = new AbortController();
    const gone = bela.sync({ since, timeout: FOR_EVER }, hangUp.signal);
    hangUp.abort();
    await expect(gone).rejects.toThrow(/abort/i);
    const answer = waiting();
    await ada.sendText(roomId, 'hello');
    expect((await answer).rooms?.join?.[roomId]).toBeDefined();
  });

  it('ends for all devices of all who are in the room', async () => {
    const { ada, bela, roomId, since } = await setUp();
    const laptop = await workspace.logIn(bela);
    const { next_batch: own } = await ada.sync();
    const answers = [bela, laptop].map((client) => client.sync({ since, timeout: FOR_EVER }));
    answers.push(ada.sync({ since: own, timeout: FOR_EVER }));
    const eventId = await ada.sendText(roomId, 'hello');
    for (const { rooms } of await Promise.all(answers)) {
      expect(rooms?.join?.[roomId]?.timeline?.events).toMatchObject([{ event_id: eventId }]);
    }
  });
});
