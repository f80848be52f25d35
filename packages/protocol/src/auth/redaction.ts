import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { domainOfEventId } from '../identifiers/event-id.ts';
import type { PowerLevels } from './power-levels.ts';

/**
 * Redactions where authorisation decides on them. Whether the target exists is not asked: its id names a server.
 * Source: rooms/v1.md, rule 11.
 */
export function checkRedaction(event: RoomEvent, levels: PowerLevels): Decision {
  if (levels.user(event.sender) >= levels.redact) return ALLOWED;
  const target = event.redacts === undefined ? undefined : domainOfEventId(event.redacts);
  if (target !== undefined && target === domainOfEventId(event.eventId)) return ALLOWED;
  return refused('AUTHA-9', 'redacts an event of another server without the power to redact');
}
