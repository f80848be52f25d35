import type { EventId, Pdu, RoomId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FederationPort } from './federation-port.ts';
import { forge } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { bodies, say } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import type { TestServer } from './testing/test-server.ts';

const LIMITS = { stagedInRoom: 60, stagedFromOutsider: 10, stagedFromOutsiders: 15 };
const MINUTE_MS = 60_000;

let network: LyingNetwork;
let one: TestServer;
let two: TestServer;
let evil: TestServer;
let outsider: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new LyingNetwork();
  one = await network.addServer('one.example', { limits: LIMITS });
  [two, evil, outsider] = await network.addServers(
    'two.example',
    'evil.example',
    'outsider.example',
  );
  roomId = await sharedRoom(network, one, [
    [two, 'bob'],
    [evil, 'mallory'],
  ]);
});
afterEach(() => network.close());

/** Events of a server that each follow one which there never was. */
async function orphans(server: TestServer, count: number): Promise<readonly Pdu[]> {
  const message = { roomId, type: 'm.room.message', sender: server.user('mallory') };
  const { authEvents } = await forge(evil, evil, {
    ...message,
    sender: evil.user('mallory'),
    content: {},
  });
  return Promise.all(
    Array.from({ length: count }, (_, n) => {
      const prevEvents = [`$${server.name.replaceAll('.', '')}${n}`.padEnd(44, 'A') as EventId];
      return forge(server, evil, { ...message, content: { n }, authEvents, prevEvents, depth: 20 });
    }),
  );
}

/** Answers how many were refused. */
async function push(server: TestServer, pdus: readonly Pdu[]): Promise<number> {
  let refused = 0;
  for (let from = 0; from < pdus.length; from += 50) {
    const page = pdus.slice(from, from + 50).map(({ json }) => json);
    const answers = await one.engine.receive(server.name, page);
    refused += [...answers.values()].filter((answer) => answer !== undefined).length;
  }
  await network.idle();
  return refused;
}

/** Whoever is asked answers like this, but for two, which is honest. */
function answerBut(lie: () => Promise<never> | Promise<undefined>): void {
  const honest = network.honestPortOf(one.name);
  network.lies = {
    event: (server, eventId) => (server === two.name ? honest.event(server, eventId) : lie()),
    getMissingEvents: async (server, query) =>
      server === two.name ? honest.getMissingEvents(server, query) : ((await lie()) ?? []),
  } satisfies Partial<FederationPort>;
}

const silence = (): Promise<never> => new Promise(() => {});
const nothing = async (): Promise<undefined> => undefined;

/** Bob says something that one misses, and something that one has to ask for it for. */
async function sayOverGap(): Promise<void> {
  await say(two, roomId, 'bob', 'missed');
  await network.lose(two, one);
  await say(two, roomId, 'bob', 'arrives');
  await network.settle();
}

describe('[SEC-33] the stage of a room', () => {
  it('holds little of a server that is not in it, and of all such servers', async () => {
    answerBut(nothing);
    expect(await push(outsider, await orphans(outsider, 30))).toBe(20);
    const other = await network.addServer('other.example');
    expect(await push(other, await orphans(other, 10))).toBe(5);
    await sayOverGap();
    expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
  });

  it('is not filled by one server for another that is in the room too', async () => {
    answerBut(nothing);
    expect(await push(evil, await orphans(evil, 80))).toBe(20);
    await sayOverGap();
    expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
    network.lies = { getMissingEvents: async () => [], event: nothing };
    expect(await push(two, await orphans(two, 40))).toBe(10);
    expect(await push(evil, await orphans(evil, 81))).toBe(21);
  });

  it('takes a copy of what it holds from anybody', async () => {
    answerBut(nothing);
    const pdus = await orphans(evil, 60);
    await push(evil, pdus);
    expect(await push(two, pdus)).toBe(0);
    expect(await one.store.readers.stage.count(roomId)).toBe(60);
  });
});

describe('[SEC-33] gaps that nobody closes', () => {
  it('cost one check of each signature, however many they are and whatever else comes', async () => {
    answerBut(nothing);
    const pdus = await orphans(evil, 60);
    const check = vi.spyOn(network.signatures, 'check');
    await push(evil, pdus);
    // On receipt, and when they are looked at.
    expect(check.mock.calls.length).toBe(120);
    check.mockClear();
    for (let n = 0; n < 5; n += 1) {
      await say(two, roomId, 'bob', `${n}`);
      await network.settle();
    }
    expect(await bodies(one, roomId)).toHaveLength(5);
    expect(check.mock.calls.filter(([pdu]) => pdu.sender === evil.user('mallory'))).toEqual([]);
  });

  it.each(['outsider', 'evil'])(
    'of a server that never answers hold up no other: %s',
    async (who) => {
      answerBut(silence);
      const server = who === 'evil' ? evil : outsider;
      await push(server, await orphans(server, 10));
      await sayOverGap();
      network.time.advance(MINUTE_MS);
      await network.idle();
      expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
    },
  );

  it('of many servers outside that never answer hold up no other', async () => {
    answerBut(silence);
    for (let n = 0; n < 12; n += 1) {
      const server = await network.addServer(`outsider${n}.example`);
      await push(server, await orphans(server, 1));
    }
    await sayOverGap();
    network.time.advance(MINUTE_MS);
    await network.idle();
    expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
  });

  it('are asked of the server whose event it is, when others were faster to bring it', async () => {
    answerBut(nothing);
    await say(two, roomId, 'bob', 'missed');
    await network.lose(two, one);
    const { eventId } = await say(two, roomId, 'bob', 'arrives');
    const stored = await two.views.findEvent(roomId, eventId);
    if (stored === undefined) throw new Error('it was just said');
    await push(evil, [stored.pdu]);
    expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
  });
});
