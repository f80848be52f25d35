import type { SyncResponse } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const LEAVES = JSON.stringify({ room: { include_leave: true } });

let workspace: TestWorkspace;
let ada: MatrixClient;
let bela: MatrixClient;
let roomId: string;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bela] = await workspace.people('ada', 'bela');
  roomId = await ada.createRoom({ preset: 'public_chat' });
  await bela.join(roomId);
});

const room = (id = roomId) => `${API}/rooms/${encodeURIComponent(id)}`;
const forget = (client = bela, id = roomId) => client.http.exchange('POST', `${room(id)}/forget`);
const readBack = () => bela.http.exchange('GET', `${room()}/messages?dir=b`);
const leftRooms = ({ rooms }: SyncResponse) => Object.keys(rooms?.leave ?? {});

describe('a room that was forgotten', () => {
  it('shows nothing any more of what was said in it', async () => {
    const eventId = await ada.sendText(roomId, 'before');
    await bela.leave(roomId);
    const event = () => bela.http.exchange('GET', `${room()}/event/${encodeURIComponent(eventId)}`);
    expect([(await readBack()).status, (await event()).status]).toEqual([200, 200]);
    expect(await forget()).toMatchObject({ status: 200, body: {} });
    expect(await readBack()).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(await event()).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
    expect(await forget()).toMatchObject({ status: 200 });
  });

  it('is no longer among those that were left, but other devices hear that it was', async () => {
    const { next_batch: since } = await bela.sync();
    await bela.leave(roomId);
    expect(leftRooms(await bela.sync({ filter: LEAVES }))).toEqual([roomId]);
    await forget();
    expect(leftRooms(await bela.sync({ filter: LEAVES }))).toEqual([]);
    expect(leftRooms(await bela.sync({ since }))).toEqual([roomId]);
  });

  it('is remembered when it is joined again', async () => {
    await ada.sendText(roomId, 'before');
    await bela.leave(roomId);
    await forget();
    await bela.join(roomId);
    expect(await readBack()).toMatchObject({ status: 200 });
    await bela.leave(roomId);
    expect(await readBack()).toMatchObject({ status: 200 });
  });

  it('is forgotten by one person alone, and may be one who was banned', async () => {
    const body = { user_id: bela.userId };
    await ada.http.exchange('POST', `${room()}/ban`, { body });
    expect(await forget()).toMatchObject({ status: 200 });
    expect((await ada.messages(roomId, { dir: 'b' })).chunk.length).toBeGreaterThan(0);
  });

  it('has to be left before', async () => {
    expect(await forget()).toMatchObject({ status: 400, body: { errcode: 'M_UNKNOWN' } });
    const another = await ada.createRoom({ invite: [bela.userId] });
    expect(await forget(bela, another)).toMatchObject({ status: 400 });
    await bela.leave(another);
    expect(await forget(bela, another)).toMatchObject({ status: 200 });
  });

  it('is one that its user was in', async () => {
    const another = await ada.createRoom({});
    expect(await forget(bela, another)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });
});
