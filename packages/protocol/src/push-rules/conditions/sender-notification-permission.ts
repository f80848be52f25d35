import { member } from '../../json/value.ts';
import { never, type CompileCondition } from './condition.ts';

const DEFAULT_NOTIFICATION_LEVEL = 50;

/** `sender_notification_permission`: the sender may notify, say, the whole room (`key` is `room`). */
export const senderNotificationPermission: CompileCondition = (condition) => {
  const key = member(condition, 'key');
  if (typeof key !== 'string') return never;
  return ({ room }) =>
    room.senderLevel >= (room.notificationLevels.get(key) ?? DEFAULT_NOTIFICATION_LEVEL);
};
