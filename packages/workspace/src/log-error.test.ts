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

it('says how another server was looked for, step by step', () => {
  const error = new RemoteServerError('beta.example: beta.example has no address: no records', {
    server: 'beta.example' as ServerName,
    reachable: false,
    transient: true,
    search: ['SRV _matrix._tcp.beta.example: no records', 'so beta.example, port 8448'],
  });
  expect(describeLoggedError(error)).toBe(
    'beta.example: beta.example has no address: no records (looked for: SRV _matrix._tcp.beta.example: no records; so beta.example, port 8448)',
  );
});

it('says all of any other error', () => {
  const error = new TypeError('a fault of ours', { cause: new Error('beneath it') });
  expect(describeLoggedError(error)).toMatchObject({
    type: 'TypeError',
    message: expect.stringContaining('beneath it') as unknown,
    stack: expect.stringContaining('log-error.test.ts') as unknown,
  });
});
