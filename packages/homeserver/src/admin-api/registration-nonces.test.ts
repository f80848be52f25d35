import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import { RegistrationNonces } from './registration-nonces.ts';

function setUp() {
  const effects = new VirtualEffects();
  return { effects, nonces: new RegistrationNonces(effects) };
}

describe('nonces of registrations', () => {
  it('are good once', () => {
    const { nonces } = setUp();
    const nonce = nonces.create();
    nonces.check(nonce);
    nonces.use(nonce);
    expect(() => nonces.use(nonce)).toThrow('not known');
    nonces.use(nonces.create());
  });

  it('are good for a minute', async () => {
    const { effects, nonces } = setUp();
    const nonce = nonces.create();
    await effects.advance(59_999);
    nonces.check(nonce);
    await effects.advance(1);
    expect(() => nonces.check(nonce)).toThrow('not known');
  });

  it.each(['', '-', 'guess', '99999999999999-00-00', '99999999999999-é-é'])(
    'are ours: not %j',
    (nonce) => {
      expect(() => setUp().nonces.check(nonce)).toThrow('not known');
    },
  );

  it('are those of this run', () => {
    const { effects, nonces } = setUp();
    const other = new RegistrationNonces(effects);
    expect(() => nonces.check(other.create())).toThrow('not known');
  });

  it('are remembered, a thousand that were used, until they are too old anyway', async () => {
    const { effects, nonces } = setUp();
    for (let n = 0; n < 1_000; n += 1) nonces.use(nonces.create());
    expect(() => nonces.use(nonces.create())).toThrow('too often');
    await effects.advance(60_000);
    nonces.use(nonces.create());
  });
});
