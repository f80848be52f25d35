import type { RoomEvent } from '../events/room-event.ts';
import { isArray, member } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

const NOBODY: ReadonlySet<string> = new Set();
const known = new WeakMap<RoomEvent, ReadonlySet<string>>();

/** Who made the room: `content.creator` where the version needs that property, the sender of the create event elsewhere. */
export function roomCreator(create: RoomEvent, rules: RoomVersionRules): string | undefined {
  if (!rules.auth.createNeedsCreator) return create.sender;
  const creator = member(create.content, 'creator');
  return typeof creator === 'string' ? creator : undefined;
}

/**
 * Those whose power level is infinite: nobody before version 12, there the sender of the create event and
 * its `additional_creators`. Source: rooms/v12.md, "Authorisation rules", the note on room creators.
 */
export function privilegedCreators(
  create: RoomEvent,
  rules: RoomVersionRules,
): ReadonlySet<string> {
  if (!rules.auth.privilegedCreators) return NOBODY;
  let creators = known.get(create);
  if (creators === undefined) known.set(create, (creators = readCreators(create)));
  return creators;
}

function readCreators({ sender, content }: RoomEvent): ReadonlySet<string> {
  const additional = member(content, 'additional_creators');
  const named = isArray(additional) ? additional.filter((entry) => typeof entry === 'string') : [];
  return new Set<string>([sender, ...named]);
}
