import type { DeliveryPage, ServerDelivery } from '@hansa/protocol/wire';
import { deadline, WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const encode = encodeURIComponent;
/** For what another server does in its own time. */
const PATIENCE = { timeout: 30_000 };

let network: WorkspaceNetwork;
/** Of a workspace each. */
let ada: MatrixClient;
let cleo: MatrixClient;
let roomId: string;
beforeAll(async () => {
  network = await WorkspaceNetwork.create({ servers: 2 });
  [ada, cleo] = await network.people('ada', 'cleo');
  roomId = await ada.createRoom({ preset: 'public_chat' });
  await cleo.join(roomId, ['s1.test']);
});
afterAll(() => network[Symbol.asyncDispose]());

const ask = (who: MatrixClient, eventId: string, query = '') =>
  who.http.exchange(
    'GET',
    `/_matrix/client/unstable/chat.hansa/rooms/${encode(roomId)}/delivery/${encode(eventId)}${query}`,
  );

/** Asks until the only other server is in this state. */
const deliveryIn = (state: ServerDelivery['state'], eventId: string) =>
  vi.waitFor(async () => {
    const { body } = await ask(ada, eventId);
    const [delivery] = (body as unknown as DeliveryPage).servers;
    expect(delivery?.state).toBe(state);
    return delivery;
  }, PATIENCE);

describe('the delivery of an event', () => {
  it('is waited for while a server is away, and then made', async () => {
    await network.server(1).stop();
    const eventId = await ada.sendText(roomId, 'are you there?');
    expect(await deliveryIn('waiting', eventId)).toMatchObject({ server: 's2.test' });
    await network.server(1).resume();
    expect(await deliveryIn('delivered', eventId)).toEqual({
      server: 's2.test',
      state: 'delivered',
    });
  });

  it('is told to the sender alone, and of what they may see', async () => {
    const eventId = await ada.sendText(roomId, 'a secret');
    await cleo.until(
      () => cleo.room(roomId).timeline.some((event) => event.event_id === eventId),
      deadline('the message'),
    );
    expect(await ask(cleo, eventId)).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
    expect(await ask(ada, `$${'a'.repeat(43)}`)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });

  it('has no end where nobody is to get it', async () => {
    const alone = await ada.createRoom({});
    const eventId = await ada.sendText(alone, 'echo');
    const path = `/_matrix/client/unstable/chat.hansa/rooms/${encode(alone)}/delivery/${encode(eventId)}`;
    expect(await ada.http.exchange('GET', path)).toMatchObject({
      status: 200,
      body: { servers: [] },
    });
  });

  it('says who refused it, and why', async () => {
    await ada.setState(roomId, 'm.room.server_acl', { allow: ['*'], deny: ['s1.test'] });
    const eventId = await ada.sendText(roomId, 'from a server that is banned');
    expect(await deliveryIn('refused', eventId)).toMatchObject({
      server: 's2.test',
      error: 'your server is not allowed in this room',
      at: expect.any(Number),
    });
  });
});
