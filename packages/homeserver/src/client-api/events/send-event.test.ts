import type { ClientEvent } from '@hansa/protocol/wire';
import { TestWorkspace, type MatrixClient } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const API = '/_matrix/client/v3';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await TestWorkspace.start();
});
afterAll(() => workspace[Symbol.asyncDispose]());

interface Send {
  readonly roomId: string;
  readonly txnId: string;
  readonly type?: string;
  readonly body?: object;
  readonly text?: string;
}

function send(client: MatrixClient, { roomId, txnId, type = 'm.room.message', ...content }: Send) {
  const path = [roomId, 'send', type, txnId].map(encodeURIComponent).join('/');
  const request = 'text' in content ? content : { body: { body: 'hi' }, ...content };
  const url = `${API}/rooms/${path}`;
  return client.http.exchange<{ event_id: string; errcode: string }>('PUT', url, request);
}

async function timeline(client: MatrixClient, roomId: string): Promise<readonly ClientEvent[]> {
  return (await client.messages(roomId, { dir: 'b', limit: 100 })).chunk;
}

const transactionIn = (event: ClientEvent | undefined) => event?.unsigned?.transaction_id;

describe('a transaction id', () => {
  it('makes one event of all attempts of a device, also of those at the same time', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const attempt = () => send(ada, { roomId, txnId: 'once' });
    const together = await Promise.all(Array.from({ length: 5 }, attempt));
    const later = await attempt();
    expect(new Set([...together, later].map(({ body }) => body.event_id)).size).toBe(1);
    const messages = (await timeline(ada, roomId)).filter(({ type }) => type === 'm.room.message');
    expect(messages).toHaveLength(1);
  });

  it('answers the first outcome whatever is sent under it, also after a restart', async () => {
    await using own = await TestWorkspace.start();
    const ada = await own.register('ada');
    const roomId = await ada.createRoom({});
    const first = await send(ada, { roomId, txnId: 'm1', body: { body: 'first' } });
    expect(await send(ada, { roomId, txnId: 'm1', body: { body: 'second' } })).toMatchObject({
      status: 200,
      body: first.body,
    });
    await own.stop();
    await own.resume();
    const path = [roomId, 'send', 'm.room.message', 'm1'].map(encodeURIComponent).join('/');
    const again = await own
      .session(ada.accessToken)
      .request('PUT', `${API}/rooms/${path}`, { body: 'third' });
    expect(again).toEqual(first.body);
  });

  it('is of one device, one room, one type and one endpoint', async () => {
    const [ada] = await workspace.people('ada');
    const laptop = await workspace.logIn(ada);
    const roomId = await ada.createRoom({});
    const otherRoom = await ada.createRoom({});
    const first = await send(ada, { roomId, txnId: 'same' });
    const redact = `${API}/rooms/${encodeURIComponent(roomId)}/redact/${encodeURIComponent(first.body.event_id)}/same`;
    const others = await Promise.all([
      send(laptop, { roomId, txnId: 'same' }),
      send(ada, { roomId: otherRoom, txnId: 'same' }),
      send(ada, { roomId, txnId: 'same', type: 'com.example.other' }),
      ada.http.exchange<{ event_id: string }>('PUT', redact, { body: {} }),
    ]);
    const ids = [first, ...others].map(({ body }) => body.event_id);
    expect(new Set(ids).size).toBe(5);
  });

  it('comes back to the device that used it, and to no other', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const laptop = await workspace.logIn(ada);
    const roomId = await ada.createRoom({ preset: 'public_chat' });
    await bela.join(roomId);
    const { body } = await send(ada, { roomId, txnId: 'a b/ü' });
    for (const [client, expected] of [
      [ada, 'a b/ü'],
      [laptop, undefined],
      [bela, undefined],
    ] as const) {
      const { rooms } = await client.sync();
      const events = rooms?.join?.[roomId]?.timeline?.events ?? [];
      const shown = events.find(({ event_id }) => event_id === body.event_id);
      expect(shown).toBeDefined();
      expect(transactionIn(shown)).toBe(expected);
      expect(transactionIn((await timeline(client, roomId))[0])).toBe(expected);
    }
  });
});

describe('sending', () => {
  it('keeps what is sent as it is', async () => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const content = {
      body: '\u{1F41F} \u0000 ﷽',
      nested: { list: [1, -1, null, true, { deep: [] }] },
      big: 9007199254740991,
      '': 'empty key',
    };
    const text = `{"__proto__":{"a":1},${JSON.stringify(content).slice(1)}`;
    const { body } = await send(ada, { roomId, txnId: 't', type: 'com.example.any', text });
    const [event] = await timeline(ada, roomId);
    expect(event).toMatchObject({
      event_id: body.event_id,
      type: 'com.example.any',
      sender: ada.userId,
      room_id: roomId,
      unsigned: { age: expect.any(Number), membership: 'join' },
    });
    expect(JSON.stringify(event?.content)).toContain('"__proto__":{"a":1}');
    expect(event?.content).toMatchObject(content);
  });

  it.each(['1.5', '1e3', '1.0', '-0', '9007199254740992', '-9007199254740992'])(
    'refuses the number %s, which no event may hold',
    async (number) => {
      const [ada] = await workspace.people('ada');
      const roomId = await ada.createRoom({});
      const answer = await send(ada, { roomId, txnId: 't', text: `{"body":"x","a":[${number}]}` });
      expect(answer).toMatchObject({
        status: 400,
        body: { errcode: 'M_BAD_JSON', error: expect.stringMatching(/a/) },
      });
    },
  );

  it.each([
    ['an event over 64 KiB', { body: { body: 'x'.repeat(66_000) } }, 413, 'M_TOO_LARGE'],
    ['a body over a mebibyte', { body: { body: 'x'.repeat(1_100_000) } }, 413, 'M_TOO_LARGE'],
    ['a type over 255 bytes', { type: 'x'.repeat(256) }, 400, 'M_INVALID_PARAM'],
    ['a transaction id over 255 bytes', { txnId: 'x'.repeat(256) }, 400, 'M_INVALID_PARAM'],
    ['lone surrogates', { text: '{"body":"\\ud800"}' }, 400, 'M_NOT_JSON'],
    [
      'too deep a nesting',
      { text: `{"a":${'['.repeat(200)}${']'.repeat(200)}}` },
      400,
      'M_NOT_JSON',
    ],
  ])('refuses %s', async (_what, request, status, errcode) => {
    const [ada] = await workspace.people('ada');
    const roomId = await ada.createRoom({});
    const answer = await send(ada, { roomId, txnId: 't', ...request });
    expect(answer).toMatchObject({ status, body: { errcode } });
    expect((await timeline(ada, roomId))[0]?.type).not.toBe('m.room.message');
  });

  it('is for those in the room alone', async () => {
    const [ada, bela, cleo] = await workspace.people('ada', 'bela', 'cleo');
    const roomId = await ada.createRoom({ invite: [bela.userId] });
    for (const client of [bela, cleo]) {
      expect(await send(client, { roomId, txnId: 't' })).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN' },
      });
    }
    const nowhere = '!nowhere:harbour.example';
    expect(await send(ada, { roomId: nowhere, txnId: 't' })).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });

  it('obeys the power levels', async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({
      preset: 'public_chat',
      power_level_content_override: { events: { 'com.example.loud': 50 }, events_default: 0 },
    });
    await bela.join(roomId);
    expect(await send(bela, { roomId, txnId: 'a', type: 'com.example.loud' })).toMatchObject({
      status: 403,
    });
    expect(await send(ada, { roomId, txnId: 'a', type: 'com.example.loud' })).toMatchObject({
      status: 200,
    });
  });
});

describe.each(['10', '11', '12'])('a redaction in version %s', (version) => {
  const setUp = async () => {
    const [ada, bela] = await workspace.people('ada', 'bela');
    const roomId = await ada.createRoom({ preset: 'public_chat', room_version: version });
    await bela.join(roomId);
    return { ada, bela, roomId };
  };

  it('takes the content away everywhere, and says by what', async () => {
    const { ada, bela, roomId } = await setUp();
    const { next_batch: since } = await bela.sync();
    const eventId = await ada.sendText(roomId, 'secret');
    const redaction = await ada.redact(roomId, eventId, 'regret');
    const path = `${API}/rooms/${encodeURIComponent(roomId)}/event/${encodeURIComponent(eventId)}`;
    const { rooms } = await bela.sync({ since });
    const [synced] = rooms?.join?.[roomId]?.timeline?.events ?? [];
    const paged = (await timeline(bela, roomId)).find(({ event_id }) => event_id === eventId);
    const alone = await bela.http.request<ClientEvent>('GET', path);
    for (const event of [synced, paged, alone]) {
      expect(event).toMatchObject({
        event_id: eventId,
        content: {},
        unsigned: {
          redacted_because: {
            event_id: redaction,
            sender: ada.userId,
            redacts: eventId,
            content: { reason: 'regret', redacts: eventId },
          },
        },
      });
      expect(event?.content).toEqual({});
    }
  });

  it('can be sent as an event like others', async () => {
    const { bela, roomId } = await setUp();
    const eventId = await bela.sendText(roomId, 'oops');
    const type = 'm.room.redaction';
    const body = { redacts: eventId, reason: 'r' };
    expect(await send(bela, { roomId, txnId: 'r', type, body })).toMatchObject({ status: 200 });
    const events = await timeline(bela, roomId);
    expect(events[0]).toMatchObject({ type, redacts: eventId });
    expect(events[1]?.content).toEqual({});
    expect(await send(bela, { roomId, txnId: 's', type, body: {} })).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON' },
    });
  });

  it('is for the sender and for those with the power, of what there is', async () => {
    const { ada, bela, roomId } = await setUp();
    const [cleo] = await workspace.people('cleo');
    await cleo.join(roomId);
    const eventId = await bela.sendText(roomId, 'mine');
    await ada.redact(roomId, eventId);
    const another = await ada.sendText(roomId, 'of the creator');
    await expect(
      cleo.redact(roomId, '$0reGTki7ZknTS7ie_9yV10bzjFVunwm760ukXQ0iEE8'),
    ).rejects.toMatchObject({
      status: 404,
      errcode: 'M_NOT_FOUND',
    });
    await ada.setState(roomId, 'm.room.power_levels', {
      ...(await ada.state(roomId)).find(({ type }) => type === 'm.room.power_levels')?.content,
      events: { 'm.room.redaction': 50 },
    });
    await expect(cleo.redact(roomId, another)).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' });
  });
});
