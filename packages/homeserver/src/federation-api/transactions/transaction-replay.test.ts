import type { ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { TransactionReplay } from './transaction-replay.ts';

const key = (origin = 'a.test', transactionId = 't', body = '{}') => ({
  origin: origin as ServerName,
  transactionId,
  body: Buffer.from(body),
});

function counter() {
  let runs = 0;
  return { process: async () => ({ run: (runs += 1) }), runs: () => runs };
}

describe('a transaction', () => {
  it('that comes again gets the same answer', async () => {
    const replay = new TransactionReplay();
    const { process, runs } = counter();
    const answers = [await replay.run(key(), process), await replay.run(key(), process)];
    expect(answers).toEqual([{ run: 1 }, { run: 1 }]);
    expect(runs()).toBe(1);
  });

  it('that comes while it is under way waits for its answer', async () => {
    const replay = new TransactionReplay();
    const { promise, resolve } = Promise.withResolvers<object>();
    const answers = [replay.run(key(), () => promise), replay.run(key(), counter().process)];
    resolve({ run: 'first' });
    expect(await Promise.all(answers)).toEqual([{ run: 'first' }, { run: 'first' }]);
  });

  it.each([
    ['of another server', key('b.test')],
    ['with another id', key('a.test', 'u')],
    ['with another body', key('a.test', 't', '{"a":1}')],
    ['whose id holds what separates', key('a.test"', 't')],
  ])('%s is another one', async (_what, other) => {
    const replay = new TransactionReplay();
    const { process } = counter();
    await replay.run(key(), process);
    expect(await replay.run(other, process)).toEqual({ run: 2 });
  });

  it('that failed is worked on again', async () => {
    const replay = new TransactionReplay();
    await expect(replay.run(key(), () => Promise.reject(new Error('disk')))).rejects.toThrow(
      'disk',
    );
    expect(await replay.run(key(), counter().process)).toEqual({ run: 1 });
  });
});
