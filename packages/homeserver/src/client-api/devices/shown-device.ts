import type { ClientDevice } from '@hansa/protocol/wire';
import type { Device } from '@hansa/storage';

/** Where and when a device was last seen is kept by nobody here, and so told to nobody. */
export function shownDevice({ deviceId, displayName }: Device): ClientDevice {
  return {
    device_id: deviceId,
    ...(displayName === undefined ? {} : { display_name: displayName }),
  };
}
