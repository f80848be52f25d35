import { parseDeviceId, type DeviceId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { DeviceRequest } from '../../accounts/accounts.ts';
import { invalidParam } from '../../matrix-error.ts';

export const DeviceName = Type.Optional(Type.String({ maxLength: 255 }));

/** Members by which a login or a registration names its device. */
export const DEVICE_FIELDS = {
  device_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  initial_device_display_name: DeviceName,
};

interface DeviceFields {
  readonly device_id?: string;
  readonly initial_device_display_name?: string;
}

export function readDevice(body: DeviceFields): DeviceRequest {
  return {
    deviceId: body.device_id === undefined ? undefined : readDeviceId(body.device_id),
    displayName: body.initial_device_display_name,
  };
}

function readDeviceId(text: string): DeviceId {
  const deviceId = parseDeviceId(text);
  if (!deviceId.ok) throw invalidParam(`device_id: ${deviceId.reason}`);
  return deviceId.value;
}
