import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { DeviceId } from './brand.ts';
import { fitsBytes } from './byte-length.ts';

const DEVICE_ID_MAX_BYTES = 255;

/**
 * A device id: the specification gives no grammar, so any text without control characters that is not empty, at most
 * 255 bytes. Source: client-server API, "Relationship between access tokens and devices".
 */
export function parseDeviceId(text: string): Parsed<DeviceId> {
  return isDeviceId(text)
    ? parsed(text)
    : refused('ID-7.1', 'a device id is 1 to 255 bytes without control characters');
}

export function isDeviceId(text: string): text is DeviceId {
  return (
    text !== '' &&
    fitsBytes(text, DEVICE_ID_MAX_BYTES) &&
    text.isWellFormed() &&
    !/\p{Cc}/u.test(text)
  );
}
