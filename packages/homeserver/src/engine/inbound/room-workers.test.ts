import type { RoomId } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { ManualTime } from '../testing/manual-time.ts';
import { RoomWorkers } from './room-workers.ts';

const market = '!market' as RoomId;

function setUp(work: (roomId: RoomId) => Promise<void>) {
  const time = new ManualTime();
  const problems: string[] = [];
  const workers = new RoomWorkers({
    work,
    timers: time,
    report: (problem) => problems.push(problem),
  });
  return { workers, time, problems };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('room workers', () => {
  it('run once more, however often they are called while a run is under way', async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { workers } = setUp(async () => {
      runs += 1;
      if (runs === 1) await gate.promise;
    });
    for (let calls = 0; calls < 5; calls += 1) workers.poke(market);
    gate.resolve();
    await settle();
    expect(runs).toBe(2);
  });

  it('have one timer a room, the one asked for last', async () => {
    let runs = 0;
    const { workers, time } = setUp(async () => {
      runs += 1;
    });
    for (const delayMs of [10, 20, 30]) workers.pokeAfter(market, delayMs);
    time.advance(25);
    await settle();
    expect(runs).toBe(0);
    time.advance(5);
    await settle();
    expect(runs).toBe(1);
  });

  it('end with the runs under way, and begin nothing afterwards', async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { workers, time } = setUp(async () => {
      runs += 1;
      await gate.promise;
    });
    workers.poke(market);
    workers.pokeAfter(market, 10);
    let stopped = false;
    const stop = workers.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);
    gate.resolve();
    await stop;
    time.advance(60_000);
    await settle();
    expect(runs).toBe(1);
  });

  it('begin what an earlier process has left a few rooms at a time', async () => {
    const begun = new Set<RoomId>();
    const { workers, time } = setUp(async (roomId) => {
      begun.add(roomId);
    });
    workers.pokeAll(Array.from({ length: 50 }, (_, n) => `!${n}` as RoomId));
    const counts: number[] = [];
    for (let second = 0; second < 3; second += 1) {
      await settle();
      counts.push(begun.size);
      time.advance(1_000);
    }
    expect(counts).toEqual([20, 40, 50]);
  });

  it('report what fails and go on', async () => {
    let runs = 0;
    const { workers, problems } = setUp(async () => {
      runs += 1;
      if (runs === 1) throw new Error('disk full');
    });
    workers.poke(market);
    await settle();
    workers.poke(market);
    await settle();
    expect(runs).toBe(2);
    expect(problems).toEqual([`working off ${market} failed`]);
  });
});
