import { expect, it } from 'vitest';
import { Checked } from './checked.ts';

it('ends with a row for each check, what failed among them, and the sum', async () => {
  const lines: string[] = [];
  const checked = new Checked((line) => lines.push(line));
  await checked.check('messages', async (latencies) => {
    for (const ms of [1, 2, 30]) latencies.add(ms);
  });
  await checked.check('an edit', () => Promise.reject(new Error('lost')));
  expect(checked.finish()).toBe(false);
  expect(lines.map((line) => line.trim().replaceAll(/ {2,}/gu, ' | '))).toEqual([
    'ok | messages',
    'FAIL | an edit: lost',
    '',
    'send to visible on the other server | events | median | p99',
    'messages | 3 | 2.0 ms | 30.0 ms | ok',
    'an edit | - | - | - | FAIL',
    '',
    '1 passed, 1 failed',
  ]);
});

it('passes where all did', async () => {
  const checked = new Checked(() => {});
  expect(await checked.check('one', async () => 1)).toBe(1);
  expect(checked.finish()).toBe(true);
});
