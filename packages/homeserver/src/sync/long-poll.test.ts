import type { RoomId, UserId } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import type { RoomAdvance } from '../engine/room-engine.ts';
import { LongPoll } from './long-poll.ts';

const ada = '@ada:harbour.example' as UserId;
const room = '!market' as RoomId;

function setUp() {
  let publish: (advance: RoomAdvance) => void = () => {};
  const running = new Set<() => void>();
  const longPoll = new LongPoll(
    {
      subscribe(listener) {
        publish = listener;
        return () => {
          publish = () => {};
        };
      },
    },
    {
      after(_, callback) {
        running.add(callback);
        return () => running.delete(callback);
      },
      sleep: () => Promise.resolve(),
    },
  );
  const advance = (change: Partial<RoomAdvance>) =>
    publish({ roomId: '!other' as RoomId, position: 1, users: [], destinations: [], ...change });
  return { longPoll, advance, running };
}

describe('a long poll', () => {
  it('ends when a watched room advances', async () => {
    const { longPoll, advance } = setUp();
    using pending = longPoll.begin(ada);
    pending.watch([room]);
    const wait = pending.wait(1000);
    advance({ roomId: room });
    await expect(wait).resolves.toBeUndefined();
  });

  it("ends when the user's own membership changes in a room that nobody watched", async () => {
    const { longPoll, advance } = setUp();
    using pending = longPoll.begin(ada);
    const wait = pending.wait(1000);
    advance({ users: [ada] });
    await expect(wait).resolves.toBeUndefined();
  });

  it('ends at once when the advance came between the last look and the wait', async () => {
    const { longPoll, advance } = setUp();
    using pending = longPoll.begin(ada);
    pending.watch([room]);
    advance({ roomId: room });
    await expect(pending.wait(1000)).resolves.toBeUndefined();
  });

  it('ends when the time is up, and leaves no timer when it ends before', async () => {
    const { longPoll, advance, running } = setUp();
    using pending = longPoll.begin(ada);
    const wait = pending.wait(1000);
    expect(running.size).toBe(1);
    for (const timeUp of running) timeUp();
    await wait;
    using another = longPoll.begin(ada);
    const early = another.wait(1000);
    advance({ users: [ada] });
    await early;
    expect(running.size).toBe(0);
  });

  it('ends when the client goes away', async () => {
    const { longPoll } = setUp();
    using pending = longPoll.begin(ada);
    const client = new AbortController();
    const wait = pending.wait(1000, client.signal);
    client.abort();
    await expect(wait).resolves.toBeUndefined();
  });

  it('ends for everybody when the server stops', async () => {
    const { longPoll } = setUp();
    using pending = longPoll.begin(ada);
    const wait = pending.wait(1000);
    longPoll.stop();
    await expect(wait).resolves.toBeUndefined();
  });
});
