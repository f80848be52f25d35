import { describe, expect, it } from 'vitest';
import type { RowResult } from './measure-row.ts';
import { formatMissed, formatReport, missedGoals } from './report.ts';
import type { Report } from './report.ts';

const exactly = (value: number) => ({ median: value, low: value, high: value });

const measured: RowResult = {
  id: 'suite/fast',
  title: 'a fast thing',
  operation: 'thing',
  unit: 'µs',
  durability: null,
  goal: 'at most 2× the other',
  notMeasured: null,
  asked: true,
  ours: { name: 'ours', costPerOperation: exactly(5), operationsPerSecond: 200_000 },
  reference: { name: 'other', costPerOperation: exactly(4), operationsPerSecond: 250_000 },
  ratio: { median: 1.6, low: 1.5, high: 1.7 },
  met: true,
};
const missed: RowResult = {
  ...measured,
  id: 'suite/slow',
  ratio: { median: 1.1, low: 0.9, high: 1.2 },
  met: false,
};
const absent: RowResult = {
  ...measured,
  id: 'suite/absent',
  notMeasured: 'no Synapse',
  ours: null,
  reference: null,
  ratio: null,
  met: null,
};

const report: Report = {
  version: 2,
  environment: {
    node: 'v1',
    v8: '1',
    sqlite: '3',
    openssl: '3',
    platform: 'os',
    cpu: 'chip',
    cpus: 2,
    load: 0.5,
  },
  loadAfter: 1,
  steal: null,
  seed: 1,
  rows: [measured, missed, absent],
};

describe('the report', () => {
  it('misses the goals that were not reached or not measured, and says which', () => {
    const withoutGoal = { ...absent, goal: null };
    const notAsked = { ...absent, asked: false };
    expect(missedGoals([measured, withoutGoal, notAsked])).toEqual([]);
    expect(missedGoals([measured, missed, absent])).toEqual([missed, absent]);
    expect(formatMissed([missed, absent])).toBe(
      'gate: suite/slow, at most 2× the other: MISSED\n' +
        'gate: suite/absent, at most 2× the other: not measured (no Synapse)\n',
    );
  });

  it('has a line for every row, its figures and what became of its goal', () => {
    const lines = formatReport(report).split('\n');
    expect(lines[1]).toMatch(
      /^suite\/fast +5 µs \/ thing +200,000 +4 µs other +1\.6 \[1\.5, 1\.7\] .*: met$/,
    );
    expect(lines[2]).toMatch(/^suite\/slow .* 1\.1 \[0\.9, 1\.2\] .*: MISSED$/);
    expect(lines[3]).toMatch(/^suite\/absent +not measured: no Synapse .*: not measured$/);
    expect(lines[5]).toContain('2 × chip, load 0.5 to 1.0, steal unknown');
  });
});
