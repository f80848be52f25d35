import type { WhoAmI } from '@hansa/protocol/wire';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /account/whoami` */
export function whoami(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/account/whoami',
    auth: 'token',
    handler: async ({ session }): Promise<WhoAmI> => ({
      user_id: session.userId,
      device_id: session.deviceId,
      is_guest: false,
    }),
  });
}
