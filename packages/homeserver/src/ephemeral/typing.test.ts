import type { RoomId, UserId } from '@hansa/protocol';
import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { Typing } from './typing.ts';

const ROOM = '!room:one.test' as RoomId;
const OTHER = '!other:one.test' as RoomId;
const ADA = '@ada:one.test' as UserId;
const BEN = '@ben:one.test' as UserId;
const NONE: ReadonlySet<RoomId> = new Set();

function setUp(effects = new VirtualEffects()) {
  const changes: RoomId[] = [];
  const typing = new Typing({
    clock: effects.clock,
    timers: effects.timers,
    onChange: (roomId) => void changes.push(roomId),
  });
  const news = (since?: number, fresh = NONE) => typing.newsFor([ROOM, OTHER], since, fresh);
  return { effects, typing, changes, news };
}

describe('who types', () => {
  it('is told until the time is up', async () => {
    const { effects, typing, changes, news } = setUp();
    expect(typing.set(ROOM, ADA, 1_000)).toBe(true);
    const { rooms, mark } = news();
    expect([...rooms]).toEqual([[ROOM, [ADA]]]);
    expect([...news(mark).rooms]).toEqual([]);
    await effects.advance(999);
    expect(news(mark).mark).toBe(mark);
    await effects.advance(1);
    expect([...news(mark).rooms]).toEqual([[ROOM, []]]);
    expect(news(mark).mark).toBeUndefined();
    expect(changes).toEqual([ROOM, ROOM]);
  });

  it('goes on by being said again, which is no change', async () => {
    const { effects, typing, changes, news } = setUp();
    typing.set(ROOM, ADA, 1_000);
    const { mark } = news();
    await effects.advance(900);
    expect(typing.set(ROOM, ADA, 1_000)).toBe(false);
    await effects.advance(900);
    expect([...news(mark).rooms]).toEqual([]);
    expect(news(mark).mark).toBe(mark);
    expect(typing.set(ROOM, ADA, 0)).toBe(true);
    expect(typing.set(ROOM, ADA, 0)).toBe(false);
    await effects.advance(9_000);
    expect(changes).toEqual([ROOM, ROOM]);
  });

  it('is told room by room, all of a room at a time', () => {
    const { typing, news } = setUp();
    typing.set(ROOM, ADA, 1_000);
    const { mark } = news();
    typing.set(OTHER, BEN, 1_000);
    expect([...news(mark).rooms]).toEqual([[OTHER, [BEN]]]);
    typing.set(ROOM, BEN, 1_000);
    expect(news(mark).rooms.get(ROOM)).toEqual([ADA, BEN]);
    expect([...news(news().mark, new Set([OTHER])).rooms]).toEqual([[OTHER, [BEN]]]);
  });

  it('is nobody after a restart, and who was told of somebody is told so', async () => {
    const { effects, typing, news } = setUp();
    typing.set(ROOM, ADA, 1_000);
    const { mark } = news();
    typing.stop();
    await effects.advance(10);
    const again = setUp(effects);
    expect([...again.news(mark).rooms]).toEqual([
      [ROOM, []],
      [OTHER, []],
    ]);
    expect([...again.news().rooms]).toEqual([]);
  });

  it('is bounded in each room', () => {
    const { typing, news } = setUp();
    for (let number = 0; number < 60; number += 1) {
      typing.set(ROOM, `@u${number}:one.test` as UserId, 1_000);
    }
    expect(news().rooms.get(ROOM)).toHaveLength(50);
  });
});
