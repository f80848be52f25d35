import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { MatrixError } from '../matrix-error.ts';
import { LoginLimit } from './login-limit.ts';

const HOME = '192.0.2.7';

function setUp() {
  const effects = new VirtualEffects();
  const limit = new LoginLimit(effects.clock);
  const fail = (times: number, account = 'ada', address = HOME) => {
    for (let n = 0; n < times; n += 1) limit.begin(account, address);
  };
  const retryAfterMs = (account = 'ada', address = HOME): unknown => {
    try {
      limit.begin(account, address);
    } catch (error) {
      if (!(error instanceof MatrixError) || error.errcode !== 'M_LIMIT_EXCEEDED') throw error;
      return error.fields['retry_after_ms'];
    }
    return undefined;
  };
  return { effects, limit, fail, retryAfterMs };
}

describe('the limit on failed logins', () => {
  it('lets a few be wrong, and then says how long to wait', async () => {
    const { effects, fail, retryAfterMs } = setUp();
    fail(5);
    expect(retryAfterMs()).toBe(10_000);
    await effects.advance(4_000);
    expect(retryAfterMs()).toBe(6_000);
    await effects.advance(6_000);
    fail(1);
    expect(retryAfterMs()).toBe(10_000);
  });

  it('forgets what was wrong when a login succeeds', () => {
    const { limit, fail, retryAfterMs } = setUp();
    fail(4);
    limit.begin('ada', HOME).succeeded();
    fail(5);
    expect(retryAfterMs()).toBe(10_000);
  });

  it('holds for one account from one address', () => {
    const { fail, retryAfterMs } = setUp();
    fail(5);
    expect(retryAfterMs('bela')).toBeUndefined();
    expect(retryAfterMs('ada', '192.0.2.8')).toBeUndefined();
    fail(5, 'ada', '2001:db8::1');
    expect(retryAfterMs('ada', '2001:db8::2')).toBe(10_000);
  });

  it('remembers so many and no more', () => {
    const { fail, retryAfterMs } = setUp();
    fail(5);
    for (let n = 0; n < 10_000; n += 1) fail(1, `guess-${n}`);
    expect(retryAfterMs()).toBeUndefined();
  });
});
