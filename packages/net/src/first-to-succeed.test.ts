import { VirtualEffects } from '@hansa/testkit';
import { expect, it } from 'vitest';
import { firstToSucceed } from './first-to-succeed.ts';

/** Attempts that are settled by hand, and what came of them. */
function attemptsOf(count: number) {
  const effects = new VirtualEffects();
  const log: string[] = [];
  const outer = new AbortController();
  const made = Array.from({ length: count }, () => Promise.withResolvers<string>());
  const attempts = made.map(({ promise }, at) => async (signal: AbortSignal) => {
    log.push(`begin ${at}`);
    signal.addEventListener('abort', () => log.push(`end ${at}`), { once: true });
    return await promise;
  });
  const first = firstToSucceed({
    attempts,
    delayMs: 100,
    timers: effects.timers,
    discard: (late) => void log.push(`discard ${late}`),
    signal: outer.signal,
  });
  return { effects, log, made, outer, first };
}

it('makes one attempt where the first succeeds in time', async () => {
  const { effects, log, made, first } = attemptsOf(2);
  await effects.advance(99);
  made[0]?.resolve('a');
  expect(await first).toEqual({ ok: true, value: 'a' });
  await effects.advance(1_000);
  expect(log).toEqual(['begin 0', 'end 0']);
});

it('makes the next at once where one fails', async () => {
  const { log, made, first } = attemptsOf(2);
  made[0]?.reject(new Error('no'));
  made[1]?.resolve('b');
  expect(await first).toEqual({ ok: true, value: 'b' });
  expect(log).toContain('begin 1');
});

it('makes the next besides where one takes long, and takes whichever is first', async () => {
  const { effects, log, made, first } = attemptsOf(3);
  await effects.advance(200);
  expect(log).toEqual(['begin 0', 'begin 1', 'begin 2']);
  made[1]?.resolve('b');
  expect(await first).toEqual({ ok: true, value: 'b' });
  made[0]?.resolve('a');
  await effects.advance(0);
  expect(log.at(-1)).toBe('discard a');
});

it('fails with every reason, once all have failed', async () => {
  const { effects, made, first } = attemptsOf(2);
  await effects.advance(100);
  made[1]?.reject('b');
  made[0]?.reject('a');
  expect(await first).toEqual({ ok: false, failures: ['b', 'a'] });
});

it('begins no other once it is to end', async () => {
  const { effects, log, made, outer, first } = attemptsOf(2);
  outer.abort();
  made[0]?.reject('ended');
  expect(await first).toEqual({ ok: false, failures: ['ended'] });
  await effects.advance(1_000);
  expect(log).not.toContain('begin 1');
});
