import { parseUserId } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { localUser } from '../local-user.ts';

/**
 * `GET /user/devices/{userId}`. Only devices with keys are listed there, and no device of ours has any: so the list is
 * empty, and it has never changed.
 */
export function userDevices(ports: {
  readonly accounts: Pick<AccountReader, 'findAccount'>;
  readonly serverName: ServerName;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/user/devices/{userId}',
    auth: 'federation',
    params: { userId: parseUserId },
    handler: async ({ params }) => {
      const userId = localUser('userId', params.userId, ports.serverName);
      const account = await ports.accounts.findAccount(userId);
      if (account === undefined) throw notFound('There is no such user.');
      return { user_id: userId, stream_id: 0, devices: [] };
    },
  });
}
