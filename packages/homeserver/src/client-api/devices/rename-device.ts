import { parseDeviceId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../http/index.ts';
import { DeviceName } from '../account/device-fields.ts';
import { requireDevice } from './get-device.ts';

/** `PUT /devices/{deviceId}`: its name. Only logging in makes a device. */
export function renameDevice({
  store,
}: {
  readonly store: Pick<Store, 'readers' | 'transact'>;
}): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/devices/{deviceId}',
    auth: 'token',
    params: { deviceId: parseDeviceId },
    body: Type.Object({ display_name: DeviceName }),
    handler: async ({ session: { userId }, params: { deviceId }, body }) => {
      await requireDevice(store.readers.accounts, userId, deviceId);
      const name = body.display_name;
      if (name !== undefined) {
        await store.transact(({ accounts }) => accounts.renameDevice(userId, deviceId, name));
      }
      return {};
    },
  });
}
