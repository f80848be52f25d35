import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Checklist } from './checklist.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('a checklist', () => {
  it('goes on after what failed, and counts both', async () => {
    const lines: string[] = [];
    const list = new Checklist((line) => lines.push(line));
    expect(await list.check('one', async () => 1)).toBe(1);
    expect(await list.check('two', () => Promise.reject(new Error('broken')))).toBeUndefined();
    expect(await list.check('three', async () => 3)).toBe(3);
    expect(lines).toEqual(['  ok    one', '  FAIL  two: broken', '  ok    three']);
    expect(list.hasFailed).toBe(true);
    expect(list.summary()).toBe('2 passed, 1 failed');
  });

  it('says that it still waits', async () => {
    const lines: string[] = [];
    const list = new Checklist((line) => lines.push(line));
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = list.check('long', () => promise);
    vi.advanceTimersByTime(11_000);
    resolve();
    await check;
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([
      '  …     long (5 s so far)',
      '  …     long (10 s so far)',
      '  ok    long',
    ]);
  });
});
