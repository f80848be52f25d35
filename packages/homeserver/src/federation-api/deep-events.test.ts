import { canonicalJson, EVENT_MAX_DEPTH } from '@hansa/protocol';
import type { JsonObject, JsonValue, Pdu, RoomId } from '@hansa/protocol';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showTimelineEvents } from '../client-events/show-events.ts';
import { forge } from '../engine/testing/forge.ts';
import { roomCreation } from '../engine/testing/rooms.ts';
import { TestNetwork } from '../engine/testing/test-network.ts';
import type { TestServer } from '../engine/testing/test-server.ts';
import { createApp } from '../http/index.ts';
import { federationRoutes } from './federation-routes.ts';
import { stubPorts } from './testing/stub-ports.ts';

/** As deep as Synapse lets an event be. */
const SYNAPSE_MAX_DEPTH = 128;

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let roomId: RoomId;
let app: FastifyInstance;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
  roomId = await one.engine.createRoom(roomCreation(one.user('alice')));
  await two.engine.join({ roomId, userId: two.user('bob'), via: [one.name], content: {} });
  await network.settle();
  app = appOf(one);
});
afterEach(() => network.close());

/** The server as two sees it. */
function appOf({ engine, views }: TestServer): FastifyInstance {
  return createApp({
    routes: federationRoutes({ ...stubPorts({}), engine, views }),
    authenticators: { federation: async () => two.name },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

/** So many objects within one another. */
function nested(levels: number): JsonObject {
  let value: JsonValue = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value as JsonObject;
}

/** An event of two that has this many levels; its content is one of them less. */
const eventOf = (levels: number): Promise<Pdu> =>
  forge(two, one, {
    roomId,
    type: 'm.room.message',
    sender: two.user('bob'),
    content: nested(levels - 1),
  });

async function send(...pdus: readonly JsonObject[]) {
  const answer = await app.inject({
    method: 'PUT',
    url: '/_matrix/federation/v1/send/t',
    headers: { authorization: 'X-Matrix test' },
    payload: canonicalJson({ origin: two.name, origin_server_ts: 1, pdus }),
  });
  await network.idle();
  return { status: answer.statusCode, body: answer.json() };
}

describe('a deeply nested event', () => {
  it('is taken as any other, up to what Synapse takes', async () => {
    const [deep, plain] = [await eventOf(SYNAPSE_MAX_DEPTH), await eventOf(2)];
    expect(await send(deep.json, plain.json)).toEqual({
      status: 200,
      body: { pdus: { [deep.eventId]: {}, [plain.eventId]: {} } },
    });
  });

  it('is refused by itself where it is too deep for us: its neighbours are taken', async () => {
    const plain = await eventOf(2);
    const tooDeep = { ...(await eventOf(3)).json, content: nested(EVENT_MAX_DEPTH) };
    const { status, body } = await send(tooDeep, plain.json);
    expect(status).toBe(200);
    expect(Object.values(body.pdus)).toEqual([
      { error: expect.stringContaining('EV-4.2') as unknown },
      {},
    ]);
    expect(await one.views.findEvent(roomId, plain.eventId)).toMatchObject({ verdict: 'accepted' });
  });

  it.each([SYNAPSE_MAX_DEPTH, EVENT_MAX_DEPTH])(
    'of %i levels is read from disk, shown, served to others and redacted',
    async (levels) => {
      const deep = await eventOf(levels);
      expect(await send(deep.json)).toMatchObject({ status: 200 });
      await one.restart();
      app = appOf(one);
      const range = { roomId, direction: 'backward', from: Number.MAX_SAFE_INTEGER } as const;
      const [seen] = await one.views.timeline({ ...range, limit: 1 });
      if (seen === undefined) throw new Error('the room is empty');
      expect(seen.pdu.json).toEqual(deep.json);
      const shown = await showTimelineEvents(one.views, roomId, [{ ...seen, membership: 'join' }], {
        reader: { userId: one.user('alice'), deviceId: 'D' as never },
        shown: { now: 0, withoutRoomId: false },
      });
      expect(JSON.stringify(shown)).toContain(JSON.stringify(deep.content));
      const served = await app.inject({
        url: `/_matrix/federation/v1/event/${encodeURIComponent(deep.eventId)}`,
        headers: { authorization: 'X-Matrix test' },
      });
      expect(served.json().pdus).toEqual([deep.json]);
      await one.engine.send({
        roomId,
        sender: one.user('alice'),
        type: 'm.room.redaction',
        content: {},
        redacts: deep.eventId,
      });
      expect((await one.views.findEvent(roomId, deep.eventId))?.pdu.content).toEqual({});
    },
  );
});
