import { parseDeviceId } from '@hansa/protocol';
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

/** `DELETE /devices/{deviceId}`, by password; done already is done. */
export function deleteDevice(ports: Ports): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/_matrix/client/v3/devices/{deviceId}',
    auth: 'token',
    params: { deviceId: parseDeviceId },
    body: Type.Object({ auth: PasswordAuth }),
    emptyBody: 'object',
    handler: async ({ session: { userId }, params, body: { auth }, remoteAddress }) => {
      const asked = await confirmPassword(ports, { auth, userId, remoteAddress });
      if (asked !== undefined) return asked;
      await ports.accounts.deleteDevices(userId, [params.deviceId]);
      return {};
    },
  });
}
