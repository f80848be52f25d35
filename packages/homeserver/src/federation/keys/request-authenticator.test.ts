import { createSigningKey, parseVerifyKey, signRequest } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { createHeaderCheck, createRequestAuthenticator } from './request-authenticator.ts';

const OURS = 'ours.test' as ServerName;
const THEIRS = 'theirs.test' as ServerName;
const signer = createSigningKey('a', new Uint8Array(32).fill(1));
const uri = '/_matrix/federation/v1/version';

/** What is answered to a request that does not say whom it is for, before its body and after it. */
async function answerTo(requireDestination: boolean): Promise<unknown> {
  const key = parseVerifyKey(signer.publicKey);
  if (!key.ok) throw new Error(key.reason);
  const keyRing = { findRequestKey: async () => key };
  const ports = { serverName: OURS, keyRing, requireDestination };
  const signed = signRequest({ method: 'GET', uri, origin: THEIRS, destination: OURS }, signer);
  const authorization = signed.replace(`destination="${OURS}",`, '');
  await createHeaderCheck(ports)(authorization);
  const request = { method: 'GET', uri, authorization, content: undefined };
  return createRequestAuthenticator(ports)(request);
}

describe('a request that does not say whom it is for', () => {
  it('is taken, as servers older than Matrix 1.3 send it', async () => {
    expect(await answerTo(false)).toBe(THEIRS);
  });

  it('[SEC-17] is refused where the configuration says so', async () => {
    await expect(answerTo(true)).rejects.toMatchObject({
      status: 401,
      errcode: 'M_UNAUTHORIZED',
      message: expect.stringContaining('"destination" is missing'),
    });
  });
});
