import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import type { DeviceId, UserId } from '../../identifiers/brand.ts';
import { isDeviceId } from '../../identifiers/device-id.ts';
import { isArray, isObject, member } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { readInteger } from '../read-integer.ts';
import { isEduUser } from './edu-user.ts';

/** Earlier updates that one may name: a sender with more of them open has lost its thread. */
export const PREV_IDS_MAX = 1_000;

/** Longer names are cut. */
export const DEVICE_NAME_MAX_CHARS = 255;

const HIGHEST_STREAM_ID = 2n ** 53n - 1n;

/** `m.device_list_update`: one device of one user is new, changed or gone. The caller checks that the user is the origin's. */
export interface DeviceListUpdate {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly streamId: number;
  readonly prevIds: readonly number[];
  readonly isDeleted: boolean;
  readonly displayName: string | undefined;
  readonly keys: JsonObject | undefined;
}

/** Source: server-server API, "Device Management". */
export function parseDeviceListUpdate(content: JsonObject): Parsed<DeviceListUpdate> {
  const userId = member(content, 'user_id');
  if (!isEduUser(userId)) return refuse('user_id is not a user id');
  const deviceId = member(content, 'device_id');
  if (typeof deviceId !== 'string' || !isDeviceId(deviceId)) {
    return refuse('device_id is not a device id');
  }
  const streamId = readStreamId(member(content, 'stream_id'));
  if (streamId === undefined) return refuse('stream_id is not an integer');
  const prevIds = readPrevIds(member(content, 'prev_id'));
  if (prevIds === undefined)
    return refuse(`prev_id is not a list of up to ${PREV_IDS_MAX} integers`);
  const displayName = member(content, 'device_display_name');
  const keys = member(content, 'keys');
  if (keys !== undefined && !isObject(keys)) return refuse('keys is not an object');
  return parsed({
    userId,
    deviceId,
    streamId,
    prevIds,
    isDeleted: member(content, 'deleted') === true,
    displayName:
      typeof displayName === 'string'
        ? displayName.slice(0, DEVICE_NAME_MAX_CHARS).toWellFormed()
        : undefined,
    keys,
  });
}

function readStreamId(value: JsonValue | undefined): number | undefined {
  return readInteger(value, 0n, HIGHEST_STREAM_ID);
}

function readPrevIds(value: JsonValue | undefined): readonly number[] | undefined {
  if (value === undefined) return [];
  if (!isArray(value) || value.length > PREV_IDS_MAX) return undefined;
  const ids = value.map(readStreamId).filter((id) => id !== undefined);
  return ids.length === value.length ? ids : undefined;
}

function refuse(problem: string): Parsed<never> {
  return refused('EDU-5', `m.device_list_update: ${problem}`);
}
