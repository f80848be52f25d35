import { describe, expect, it } from 'vitest';
import { measureRow } from './measure-row.ts';
import { constant, VoidBlockError } from './row.ts';
import type { Candidate, Row } from './row.ts';

const about = { id: 'test/row', title: 'a row', operation: 'thing' };

/** Costs that come one after the other, the first of them to warm up; `log` gets the name at every block. */
function scripted(name: string, costs: readonly number[], log: string[] = []): Candidate {
  let next = 0;
  return {
    name,
    block() {
      log.push(name);
      const cost = (costs[Math.min(next, costs.length - 1)] ?? 0) * 10;
      next += 1;
      return { cost, operations: 10 };
    },
  };
}

describe('measuring a row', () => {
  it('warms up, then alternates who goes first', async () => {
    const log: string[] = [];
    const contest = { ours: scripted('a', [1], log), reference: scripted('b', [1], log) };
    await measureRow({ ...about, pairs: 3, prepare: () => contest }, 1);
    expect(log.join('')).toBe('ab' + 'ab' + 'ba' + 'ab');
  });

  it('turns the ratio so that more is better, and leaves the warm-up out', async () => {
    const row: Row = {
      ...about,
      goal: { says: 'at most 3× the other', factor: 3 },
      prepare: () => ({ ours: scripted('a', [99, 2]), reference: scripted('b', [77, 1]) }),
    };
    expect(await measureRow(row, 1)).toMatchObject([
      {
        ours: { name: 'a', costPerOperation: { median: 2 }, operationsPerSecond: 500_000 },
        reference: { name: 'b', costPerOperation: { median: 1 } },
        ratio: { median: 1.5, low: 1.5, high: 1.5 },
        met: true,
      },
    ]);
  });

  it('misses a goal that only the middle reaches', async () => {
    const row: Row = {
      ...about,
      goal: { says: 'at most 2× the other', factor: 2 },
      prepare: () => ({
        ours: scripted('a', [
          1,
          ...Array.from({ length: 15 }, (_, pair) => (pair % 2 === 0 ? 1 : 3)),
        ]),
        reference: constant('b', 1),
      }),
    };
    const [result] = await measureRow(row, 1);
    expect(result?.ratio?.median).toBeGreaterThanOrEqual(1);
    expect(result?.ratio?.low).toBeLessThan(1);
    expect(result?.met).toBe(false);
  });

  it('has no goal to miss without one', async () => {
    const alone = await measureRow({ ...about, prepare: () => ({ ours: constant('a', 5) }) }, 1);
    expect(alone).toMatchObject([{ goal: null, ratio: null, met: null, reference: null }]);
    const compared = { ours: constant('a', 5), reference: constant('b', 1) };
    const result = await measureRow({ ...about, prepare: () => compared }, 1);
    expect(result).toMatchObject([{ ratio: { median: 0.2 }, met: null }]);
  });

  it('says what cannot be measured', async () => {
    const row: Row = {
      ...about,
      goal: { says: 'x', factor: 1 },
      prepare: () => ({ notMeasured: 'there is no Synapse here' }),
    };
    expect(await measureRow(row, 1)).toMatchObject([
      { notMeasured: 'there is no Synapse here', goal: 'x', met: null, ours: null },
    ]);
  });

  it('tells every figure of a block, each in its unit and by its own goal', async () => {
    const block = (cost: number, median: number) => () => ({
      cost,
      operations: 1,
      further: [median],
    });
    const row: Row = {
      ...about,
      goal: { says: 'at most 2× the other', factor: 2 },
      further: [
        {
          id: 'test/latency',
          title: 'a latency',
          operation: 'thing',
          unit: 'ms',
          goal: { says: 'as fast', factor: 1 },
        },
      ],
      prepare: () => ({
        ours: { name: 'a', block: block(4, 30) },
        reference: { name: 'b', block: block(2, 20) },
      }),
    };
    expect(await measureRow(row, 1)).toMatchObject([
      { id: 'test/row', unit: 'µs', ratio: { median: 1 }, met: true },
      {
        id: 'test/latency',
        unit: 'ms',
        ours: { costPerOperation: { median: 30 }, operationsPerSecond: null },
        met: false,
      },
    ]);
  });

  it('has no figures of blocks in which work was lost', async () => {
    const losing = scripted('a', [1]);
    losing.block = () => {
      throw new VoidBlockError('an event is gone');
    };
    const row = { ...about, goal: { says: 'x', factor: 1 }, prepare: () => ({ ours: losing }) };
    expect(await measureRow(row, 1)).toMatchObject([
      { notMeasured: 'void: an event is gone', asked: true, met: null },
    ]);
  });

  it('ends what was started, whether the measurement comes off or not', async () => {
    let closed = 0;
    const close = (): void => {
      closed += 1;
    };
    const failing = scripted('a', [1]);
    failing.block = () => {
      throw new Error('broken');
    };
    await measureRow({ ...about, prepare: () => ({ ours: constant('a', 1), close }) }, 1);
    const broken = measureRow({ ...about, prepare: () => ({ ours: failing, close }) }, 1);
    await expect(broken).rejects.toThrow('broken');
    expect(closed).toBe(2);
  });
});
