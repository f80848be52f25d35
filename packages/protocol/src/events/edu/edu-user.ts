import type { UserId } from '../../identifiers/brand.ts';
import { isCompliantUserId, isUserId } from '../../identifiers/user-id.ts';
import type { JsonValue } from '../../json/value.ts';

/**
 * A user named outside of an event: historical ids that may stand in events are not handed on from here.
 * Source: appendices, "Historical User IDs".
 */
export function isEduUser(value: JsonValue | undefined): value is UserId {
  return typeof value === 'string' && isUserId(value) && isCompliantUserId(value);
}
