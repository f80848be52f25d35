import { RemoteServerError } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { expect, it } from 'vitest';
import { describeLoggedError } from './log-error.ts';

it('says in one sentence what another server failed to do', () => {
  const cause = new Error('cannot connect to beta.example, port 8448: nothing listens there');
  const error = new RemoteServerError(`beta.example: ${cause.message}`, {
    server: 'beta.example' as ServerName,
    reachable: false,
    transient: true,
    cause,
  });
  expect(describeLoggedError(error)).toBe(error.message);
});

it('says all of any other error', () => {
  const error = new TypeError('a fault of ours', { cause: new Error('beneath it') });
  expect(describeLoggedError(error)).toMatchObject({
    type: 'TypeError',
    message: expect.stringContaining('beneath it') as unknown,
    stack: expect.stringContaining('log-error.test.ts') as unknown,
  });
});
