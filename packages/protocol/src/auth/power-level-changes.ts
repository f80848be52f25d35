import { ALLOWED, type Decision } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { levelContentOf } from './level-content.ts';
import { checkLevelExcess } from './power-level-excess.ts';
import { checkLevelForm } from './power-level-form.ts';
import type { PowerLevels } from './power-levels.ts';

/** `m.room.power_levels`: well-formed, and nobody reaches above himself. Source: rooms/v12.md, rule 10. */
export function checkPowerLevels(
  event: RoomEvent,
  rules: RoomVersionRules,
  levels: PowerLevels,
): Decision {
  const { sender } = event;
  const { content: current, creators } = levels;
  const next = levelContentOf(event, rules);
  const form = checkLevelForm({ next, creators, rules });
  if (!form.ok) return form;
  // AUTH-10.5: where there are none yet, none are exceeded.
  if (current === undefined) return ALLOWED;
  return checkLevelExcess({ current, next, sender, power: levels.user(sender), rules });
}
