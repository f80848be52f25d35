import type { AccountReader } from '@hansa/storage';
import { defineRoute, type Route } from '../../http/index.ts';
import { shownDevice } from './shown-device.ts';

/** `GET /devices` */
export function listDevices({
  accounts,
}: {
  readonly accounts: Pick<AccountReader, 'listDevices'>;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/devices',
    auth: 'token',
    handler: async ({ session }) => {
      const devices = await accounts.listDevices(session.userId);
      return { devices: devices.map(shownDevice) };
    },
  });
}
