import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import { fitsBytes } from '../../identifiers/byte-length.ts';
import type { DeviceId, UserId } from '../../identifiers/brand.ts';
import { isDeviceId } from '../../identifiers/device-id.ts';
import { isObject, member } from '../../json/value.ts';
import type { JsonObject } from '../../json/value.ts';
import { TYPE_MAX_BYTES } from '../size-limits.ts';
import { isEduUser } from './edu-user.ts';

/** Code points of a `message_id`. */
export const MESSAGE_ID_MAX_CODE_POINTS = 32;

/** Messages, one a user and device, that one EDU may bring. */
export const DIRECT_MESSAGES_MAX = 10_000;

/** Stands for every device of a user. */
export const ALL_DEVICES = '*';

export interface DirectMessage {
  readonly userId: UserId;
  readonly deviceId: DeviceId | typeof ALL_DEVICES;
  readonly content: JsonObject;
}

/** `m.direct_to_device`. The caller checks that the sender is the origin's, and takes each `(origin, sender, messageId)` once. */
export interface DirectToDevice {
  readonly sender: UserId;
  readonly type: string;
  readonly messageId: string;
  readonly messages: readonly DirectMessage[];
}

/** Entries for what is no user or no device are passed over. Source: server-server API, "Send-to-device messaging". */
export function parseDirectToDevice(content: JsonObject): Parsed<DirectToDevice> {
  const sender = member(content, 'sender');
  if (!isEduUser(sender)) return refuse('sender is not a user id');
  const type = member(content, 'type');
  if (typeof type !== 'string' || !fitsBytes(type, TYPE_MAX_BYTES)) {
    return refuse(`type is not a string of at most ${TYPE_MAX_BYTES} bytes`);
  }
  const messageId = member(content, 'message_id');
  if (typeof messageId !== 'string' || !isMessageId(messageId)) {
    return refuse(
      `message_id is not a string of at most ${MESSAGE_ID_MAX_CODE_POINTS} code points`,
    );
  }
  const byUser = member(content, 'messages');
  if (!isObject(byUser)) return refuse('messages is not an object');
  const messages = messagesIn(byUser);
  if (messages.length > DIRECT_MESSAGES_MAX) return refuse(`over ${DIRECT_MESSAGES_MAX} messages`);
  return parsed({ sender, type, messageId, messages });
}

function messagesIn(byUser: JsonObject): readonly DirectMessage[] {
  const messages: DirectMessage[] = [];
  for (const [userId, byDevice] of Object.entries(byUser)) {
    if (!isEduUser(userId) || !isObject(byDevice)) continue;
    for (const [deviceId, content] of Object.entries(byDevice)) {
      if (!isAddressee(deviceId) || !isObject(content)) continue;
      messages.push({ userId, deviceId, content });
    }
  }
  return messages;
}

function isAddressee(text: string): text is DirectMessage['deviceId'] {
  return text === ALL_DEVICES || isDeviceId(text);
}

function isMessageId(text: string): boolean {
  if (text.length > MESSAGE_ID_MAX_CODE_POINTS * 2) return false;
  return Array.from(text).length <= MESSAGE_ID_MAX_CODE_POINTS;
}

function refuse(problem: string): Parsed<never> {
  return refused('EDU-7', `m.direct_to_device: ${problem}`);
}
