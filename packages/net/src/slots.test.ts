import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

function task(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  return {
    finish: resolve,
    started: started.promise,
    run: async () => {
      log.push(name);
      started.resolve();
      await promise;
    },
  };
}

it('runs so many at a time, in the order in which they came', async () => {
  const slots = new Slots(2);
  const log: string[] = [];
  const tasks = ['a', 'b', 'c', 'd'].map((name) => task(log, name));
  const runs = tasks.map(({ run }) => slots.run(run));
  expect(log).toEqual(['a', 'b']);
  tasks[1]?.finish();
  await tasks[2]?.started;
  expect(log).toEqual(['a', 'b', 'c']);
  for (const { finish } of tasks) finish();
  await Promise.all(runs);
  expect(log).toEqual(['a', 'b', 'c', 'd']);
});

it('gives a slot back after a failure', async () => {
  const slots = new Slots(1);
  await expect(slots.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await slots.run(async () => 1)).toBe(1);
});

it('lets who waits give up, and passes it over', async () => {
  const slots = new Slots(1);
  const log: string[] = [];
  const first = task(log, 'first');
  const running = slots.run(first.run);
  const giveUp = new AbortController();
  const waiting = slots.run(task(log, 'given up').run, giveUp.signal);
  const last = slots.run(async () => void log.push('last'));
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  first.finish();
  await Promise.all([running, last]);
  expect(log).toEqual(['first', 'last']);
});
