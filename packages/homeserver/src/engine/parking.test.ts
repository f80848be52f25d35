import type { Pdu, RoomId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { bodies, stateOf } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
  roomId = await sharedRoom(network, one, [[two, 'bob']]);
});
afterEach(() => network.close());

const message = (body: string) => ({
  roomId,
  type: 'm.room.message',
  sender: two.user('bob'),
  content: { msgtype: 'm.text', body },
});

describe('an event that we fail on ourselves', () => {
  it('is parked, and holds up neither its transaction nor its room', async () => {
    let broken = true;
    const frail = await network.addServer('frail.example', {
      wrapStore: (store) => ({
        incarnation: store.incarnation,
        readers: store.readers,
        newTimeline: () => store.newTimeline(),
        close: () => store.close(),
        transact: (record) =>
          store.transact((writers) => {
            const put = writers.events.put.bind(writers.events);
            writers.events.put = (event) => {
              if (broken && event.pdu.content['body'] === 'poison') throw new TypeError('a bug');
              put(event);
            };
            record(writers);
          }),
      }),
    });
    const userId = frail.user('fred');
    await frail.engine.join({ roomId, userId, via: [one.name], content: {} });
    await network.settle();
    const pdus: Pdu[] = [];
    for (const body of ['first', 'poison', 'last']) {
      pdus.push(await forge(two, frail, message(body)));
    }
    const jsons = pdus.map(({ json }) => json);
    const answers = await frail.engine.receive(two.name, jsons);
    expect([...answers.values()]).toEqual([undefined, undefined, undefined]);
    await network.idle();
    expect(await bodies(frail, roomId)).toEqual(['first', 'last']);
    expect(frail.problems.splice(0).length).toBeGreaterThan(0);
    broken = false;
    network.time.advance(5_000);
    await network.idle();
    expect([...(await bodies(frail, roomId))]).toEqual(['first', 'last', 'poison']);
    expect(await frail.store.readers.stage.count(roomId)).toBe(0);
  });
});

describe('what a server may be made to do', () => {
  it('is bounded: an origin with too much staged is put off as a whole', async () => {
    const small = await network.addServer('small.example', {
      limits: { stagedFromOrigin: 2, stagedInRoom: 2 },
    });
    const userId = small.user('sam');
    await small.engine.join({ roomId, userId, via: [one.name], content: {} });
    await network.settle();
    network.keyless.add(two.name);
    const pdus = await Promise.all(['a', 'b', 'c'].map((body) => forge(two, one, message(body))));
    const jsons = pdus.map(({ json }) => json);
    const answers = await small.engine.receive(two.name, jsons);
    expect([...answers.values()].filter((answer) => answer !== undefined)).toHaveLength(1);
    await expect(small.engine.receive(two.name, jsons)).rejects.toMatchObject({ status: 503 });
    expect(await stateOf(small, roomId)).toEqual(await stateOf(one, roomId));
  });
});
