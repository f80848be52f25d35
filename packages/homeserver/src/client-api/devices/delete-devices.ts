import type { DeviceId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import {
  confirmPassword,
  PasswordAuth,
  type ConfirmationPorts,
} from '../account/confirm-password.ts';

interface Ports extends ConfirmationPorts {
  readonly accounts: Pick<Accounts, 'checkPassword' | 'deleteDevices'>;
}

/** Ended by one request. */
const MAX_DEVICES = 1_000;

/** `POST /delete_devices`, by password; those that are not there are passed over. */
export function deleteDevices(ports: Ports): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/delete_devices',
    auth: 'token',
    body: Type.Object({
      devices: Type.Array(Type.String({ maxLength: 255 }), { maxItems: MAX_DEVICES }),
      auth: PasswordAuth,
    }),
    handler: async ({ session: { userId }, body: { devices, auth }, remoteAddress }) => {
      const asked = await confirmPassword(ports, { auth, userId, remoteAddress });
      if (asked !== undefined) return asked;
      // What is no device id is the id of no device.
      await ports.accounts.deleteDevices(userId, devices as DeviceId[]);
      return {};
    },
  });
}
