import { RemoteServerError } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { expect, it } from 'vitest';
import { explainFailedDownload } from './explain-failed-download.ts';

const server = 'theirs.test' as ServerName;

it.each([
  ['took too long', { reachable: false, transient: true, timedOut: true }, 504],
  ['is not reached', { reachable: false, transient: true }, 502],
  ['is inside', { reachable: false, transient: false }, 502],
])('a server that %s is told as %j', (_what, details, status) => {
  const cause = new RemoteServerError('theirs.test: no', { server, ...details });
  expect(explainFailedDownload(cause, { server, maxBytes: 1 })).toMatchObject({
    status,
    errcode: 'M_UNKNOWN',
    message: expect.stringContaining('theirs.test'),
    cause,
  });
});
