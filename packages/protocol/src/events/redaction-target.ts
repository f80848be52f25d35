import type { EventId } from '../identifiers/brand.ts';
import { isEventIdOf } from '../identifiers/event-id.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/**
 * The event that a redaction names; `undefined` for other events and for a redaction that names none.
 * Source: rooms/v11.md, "Moving the `redacts` property".
 */
export function redactionTargetOf(json: JsonObject, rules: RoomVersionRules): EventId | undefined {
  if (member(json, 'type') !== 'm.room.redaction') return undefined;
  const holder = rules.redactsIn === 'event' ? json : member(json, 'content');
  const target = isObject(holder) ? member(holder, 'redacts') : undefined;
  return typeof target === 'string' && isEventIdOf(rules.eventIdFormat, target)
    ? target
    : undefined;
}
