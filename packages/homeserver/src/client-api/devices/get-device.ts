import { parseDeviceId, type DeviceId, type UserId } from '@hansa/protocol';
import type { AccountReader, Device } from '@hansa/storage';
import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { shownDevice } from './shown-device.ts';

type DeviceReads = Pick<AccountReader, 'findDevice'>;

/** `GET /devices/{deviceId}` */
export function getDevice({ accounts }: { readonly accounts: DeviceReads }): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/devices/{deviceId}',
    auth: 'token',
    params: { deviceId: parseDeviceId },
    handler: async ({ session, params }) =>
      shownDevice(await requireDevice(accounts, session.userId, params.deviceId)),
  });
}

/** @throws MatrixError `M_NOT_FOUND` */
export async function requireDevice(
  accounts: DeviceReads,
  userId: UserId,
  deviceId: DeviceId,
): Promise<Device> {
  const device = await accounts.findDevice(userId, deviceId);
  if (device === undefined) throw notFound('You have no device of this id.');
  return device;
}
