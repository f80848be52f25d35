import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { EventId } from '../identifiers/brand.ts';
import { isEventIdOf } from '../identifiers/event-id.ts';
import { isArray, isObject, member } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { Pdu } from './pdu.ts';
import { AUTH_EVENTS_MAX, PREV_EVENTS_MAX } from './size-limits.ts';

export interface ReferenceOptions {
  /** Lets any number of `prev_events` and `auth_events` pass, as answers to `/backfill` must. */
  readonly anyNumberOfReferences?: boolean;
}

/** The events that an event names as its parents and as its authority. */
export function readReferences(
  json: JsonObject,
  rules: RoomVersionRules,
  options: ReferenceOptions,
): Parsed<Pick<Pdu, 'authEvents' | 'prevEvents'>> {
  const authEvents = idsIn(member(json, 'auth_events'), rules);
  if (authEvents === undefined) {
    return refused('EV-3.1', 'auth_events is not a list of event references');
  }
  const prevEvents = idsIn(member(json, 'prev_events'), rules);
  if (prevEvents === undefined) {
    return refused('EV-3.2', 'prev_events is not a list of event references');
  }
  if (options.anyNumberOfReferences === true) return parsed({ authEvents, prevEvents });
  if (prevEvents.length > PREV_EVENTS_MAX) {
    return refused('SIZE-4', `${prevEvents.length} prev_events, at most ${PREV_EVENTS_MAX}`);
  }
  if (authEvents.length > AUTH_EVENTS_MAX) {
    return refused('SIZE-5', `${authEvents.length} auth_events, at most ${AUTH_EVENTS_MAX}`);
  }
  return parsed({ authEvents, prevEvents });
}

/** Ids alone, or pairs of id and hashes in versions 1 and 2. */
function idsIn(
  value: JsonValue | undefined,
  rules: RoomVersionRules,
): readonly EventId[] | undefined {
  if (!isArray(value)) return undefined;
  const ids: EventId[] = [];
  for (const item of value) {
    const id = rules.eventFormat === 'id' ? item : idOfPair(item);
    if (typeof id !== 'string' || !isEventIdOf(rules.eventIdFormat, id)) return undefined;
    ids.push(id);
  }
  return ids;
}

function idOfPair(value: JsonValue): JsonValue | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  return isStringMap(value[1]) ? value[0] : undefined;
}

/** An object whose members are all strings, as `hashes` are and the signatures of one server. */
export function isStringMap(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && Object.values(value).every((item) => typeof item === 'string');
}
