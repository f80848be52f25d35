import type { RoomEvent } from '../events/room-event.ts';
import { serverOf } from '../identifiers/user-id.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { PowerLevels } from './power-levels.ts';

/** The part of a room's power levels that redactions ask for. */
export type RedactionLevels = Pick<PowerLevels, 'user' | 'redact'>;

/**
 * Whether an accepted redaction takes effect on an accepted target: asked when both have been seen. In versions 1 and 2
 * authorisation has decided already. `levels` are those of the state before the redaction.
 * Source: the section "Handling redactions" of versions 3 on.
 */
export function mayRedact(
  redaction: RoomEvent,
  target: RoomEvent,
  levels: RedactionLevels,
  rules: RoomVersionRules,
): boolean {
  if (redaction.redacts !== target.eventId || redaction.roomId !== target.roomId) return false;
  if (rules.auth.redactionRule) return true;
  return (
    levels.user(redaction.sender) >= levels.redact ||
    serverOf(redaction.sender) === serverOf(target.sender)
  );
}
