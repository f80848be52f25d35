import type { DeviceId, RoomId } from '@hansa/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RoomViews } from '../engine/room-views.ts';
import { roomCreation, say } from '../engine/testing/rooms.ts';
import { TestNetwork } from '../engine/testing/test-network.ts';
import type { TestServer } from '../engine/testing/test-server.ts';
import { Typing } from '../ephemeral/index.ts';
import { Sync, type SyncRequest } from './sync.ts';

const ROOMS = 30;

let network: TestNetwork;
let server: TestServer;
let rooms: readonly RoomId[];
beforeEach(async () => {
  network = new TestNetwork();
  server = await network.addServer('one.example');
  const room = () => server.engine.createRoom(roomCreation(server.user('ada')));
  rooms = await Promise.all(Array.from({ length: ROOMS }, room));
});
afterEach(() => network.close());

/** Notes every call to the views that is about a room. */
function listening(views: RoomViews): { readonly views: RoomViews; readonly calls: string[] } {
  const calls: string[] = [];
  const heard = new Proxy(views, {
    get(target, name: keyof RoomViews) {
      const method = target[name] as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        const [subject] = given;
        const about = (subject as { roomId?: unknown } | undefined)?.roomId ?? subject;
        calls.push(`${name} ${String(about)}`);
        return method.apply(target, given);
      };
    },
  });
  return { views: heard, calls };
}

function setUp() {
  const { views, calls } = listening(server.views);
  const { advances } = server;
  const { time } = network;
  const typing = new Typing({ clock: time, timers: time, onChange: () => {} });
  const receipts = { listInRoom: async () => [] };
  const incarnation = 'k3x9';
  const sync = new Sync({
    views,
    receipts,
    typing,
    advances,
    timers: time,
    clock: time,
    incarnation,
  });
  const request = (since: string | undefined, more: Partial<SyncRequest> = {}): SyncRequest => ({
    viewer: { userId: server.user('ada'), deviceId: 'PHONE' as DeviceId },
    since,
    timeoutMs: 0,
    filter: {},
    fullState: false,
    useStateAfter: false,
    signal: new AbortController().signal,
    ...more,
  });
  return { sync, request, calls };
}

it('costs a sync one question for all rooms in which nothing happened', async () => {
  const { sync, request, calls } = setUp();
  const { next_batch: since } = await sync.answer(request(undefined));
  const [loud] = rooms;
  await say(server, loud as RoomId, 'ada', 'hello');
  calls.length = 0;
  const { rooms: news } = await sync.answer(request(since));
  expect(Object.keys(news?.join ?? {})).toEqual([loud]);
  expect(calls.filter((call) => call.startsWith('changedRooms'))).toHaveLength(1);
  const quiet = rooms.filter((roomId) => roomId !== loud);
  const asked = calls.filter((call) => !call.startsWith('changedRooms'));
  expect(asked.filter((call) => quiet.some((roomId) => call.includes(roomId)))).toEqual([]);
});

it('has them all where their whole state is asked for', async () => {
  const { sync, request } = setUp();
  const { next_batch: since } = await sync.answer(request(undefined));
  const { rooms: all } = await sync.answer(request(since, { fullState: true }));
  expect(Object.keys(all?.join ?? {})).toHaveLength(ROOMS);
});
