import { expect, it } from 'vitest';
import { argon2Hasher } from './password-hasher.ts';

it('hashes by argon2id, at the cost that is advised, and each time anew', async () => {
  const passwords = argon2Hasher();
  const hash = await passwords.hash('open sesame');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.hash('open sesame')).not.toBe(hash);
  expect(await passwords.verify(hash, 'open sesame')).toBe(true);
  expect(await passwords.verify(hash, 'Open Sesame')).toBe(false);
});
