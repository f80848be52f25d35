import { expect, it } from 'vitest';
import { KeyedSlots } from './keyed-slots.ts';

it('makes a key wait for itself alone', async () => {
  const slots = new KeyedSlots(1);
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = slots.run('slow', () => promise);
  const second = slots.run('slow', async () => void log.push('slow'));
  await slots.run('quick', async () => void log.push('quick'));
  expect(log).toEqual(['quick']);
  resolve();
  await Promise.all([first, second]);
  expect(log).toEqual(['quick', 'slow']);
});

it('goes on counting a key that somebody has given up on', async () => {
  const slots = new KeyedSlots(1);
  const giveUp = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = slots.run('a', () => promise);
  const second = slots.run('a', async () => {}, giveUp.signal);
  giveUp.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  let ran = false;
  const third = slots.run('a', async () => {
    ran = true;
  });
  await Promise.resolve();
  expect(ran).toBe(false);
  resolve();
  await Promise.all([first, third]);
});
