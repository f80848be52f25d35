import { WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';
const encode = encodeURIComponent;
/** Longer than any test may take: who is not woken fails. */
const FOR_EVER = 55_000;

let network: WorkspaceNetwork;
let ada: MatrixClient;
/** Of the same workspace as ada, and of another. */
let ben: MatrixClient;
let cleo: MatrixClient;
let roomId: string;
let alias: string;
let number = 0;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
  ben = await network.server(0).register('ben');
});
afterAll(() => network[Symbol.asyncDispose]());

beforeEach(async () => {
  number += 1;
  alias = `#door-${number}:s1.test`;
  roomId = await ada.createRoom({
    name: 'Behind the door',
    room_alias_name: `door-${number}`,
    initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'knock' } }],
  });
});

const knock = (who: MatrixClient, at = alias, body: object = { reason: 'Hello?' }) =>
  who.http.exchange('POST', `${API}/knock/${encode(at)}`, { body });
const change = (verb: string, userId: string) =>
  ada.http.request('POST', `${API}/rooms/${encode(roomId)}/${verb}`, { user_id: userId });
const sinceOf = async (who: MatrixClient) => (await who.sync()).next_batch;

describe.each([
  ['of the same server', () => ben],
  ['of another server', () => cleo],
] as const)('a knock by somebody %s', (_where, whose) => {
  it('stands in the room and in what its user syncs, described, until it is let in', async () => {
    const who = whose();
    const since = await sinceOf(who);
    expect(await knock(who)).toMatchObject({ status: 200, body: { room_id: roomId } });
    const { rooms, next_batch } = await who.sync({ since, timeout: FOR_EVER });
    const shown = rooms?.knock?.[roomId]?.knock_state.events ?? [];
    expect(shown).toContainEqual(
      expect.objectContaining({ type: 'm.room.name', content: { name: 'Behind the door' } }),
    );
    const own = shown.find(({ type }) => type === 'm.room.member');
    expect(own).toMatchObject({
      state_key: who.userId,
      content: { membership: 'knock', reason: 'Hello?' },
    });
    const state = await ada.state(roomId);
    expect(state.find(({ state_key }) => state_key === who.userId)).toMatchObject({
      content: { membership: 'knock', reason: 'Hello?' },
    });
    await ada.invite(roomId, who.userId);
    const invited = await who.sync({ since: next_batch, timeout: FOR_EVER });
    expect(invited.rooms?.invite?.[roomId]).toBeDefined();
    expect(await who.join(roomId)).toBe(roomId);
  });

  it.each(['kick', 'ban'])('is refused by a %s, of which its user hears', async (verb) => {
    const who = whose();
    await knock(who);
    const since = await sinceOf(who);
    await change(verb, who.userId);
    const { rooms } = await who.sync({ since, timeout: FOR_EVER });
    expect(rooms?.leave?.[roomId]).toBeDefined();
    expect((await who.sync()).rooms?.knock?.[roomId]).toBeUndefined();
  });

  it('is taken back by leaving, and may come again', async () => {
    const who = whose();
    for (const _ of [1, 2]) {
      expect((await knock(who)).status).toBe(200);
      expect((await knock(who)).status).toBe(200);
      await who.leave(roomId);
      expect((await who.sync()).rooms?.knock?.[roomId]).toBeUndefined();
    }
  });

  it('is refused where nobody may knock, and where there is nothing', async () => {
    const who = whose();
    await ada.setState(roomId, 'm.room.join_rules', { join_rule: 'invite' });
    expect(await knock(who)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(await knock(who, '#nowhere:s1.test')).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
    expect(await knock(who, 'door')).toMatchObject({ status: 400 });
  });
});
