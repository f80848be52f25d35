import {
  isObject,
  member,
  powerLevelsOf,
  type JsonObject,
  type Pdu,
  type RoomVersionRules,
  type StateLookup,
  type UserId,
} from '@hansa/protocol';
import type { RoomCreation } from '../engine/intents.ts';
import type { RoomSummary, StateView } from '../engine/room-views.ts';
import { replacementLevels } from './replacement-levels.ts';

/** What goes on in the room that replaces another. Source: client-server API, "Room Upgrades". */
const CARRIED = [
  'm.room.server_acl',
  'm.room.encryption',
  'm.room.name',
  'm.room.avatar',
  'm.room.topic',
  'm.room.guest_access',
  'm.room.history_visibility',
  'm.room.join_rules',
] as const;
/** Of the create event. */
const CARRIED_OF_CREATION = ['type', 'm.federate'] as const;
const LEVEL_WITHOUT_LIMIT = 100;

export interface Replacement {
  readonly rules: RoomVersionRules;
  readonly upgrader: UserId;
  readonly upgraderProfile: JsonObject;
  /** Heeded where the version has them. Those of the old room are not carried on by themselves. */
  readonly additionalCreators: readonly UserId[];
  readonly old: RoomSummary;
  readonly oldState: StateView;
  readonly lastEvent: Pdu | undefined;
}

/**
 * First events of the room that replaces another. The power levels come last: until then its creator may send all of
 * them, whatever they will say.
 */
export async function planReplacement(replacement: Replacement): Promise<RoomCreation> {
  const { rules, upgrader, upgraderProfile, additionalCreators, old, oldState } = replacement;
  const create = await oldState.find('m.room.create', '');
  const powerLevels = await oldState.find('m.room.power_levels', '');
  const lookup: StateLookup = (type) => [create, powerLevels].find((event) => event?.type === type);
  const level = Math.min(
    Number(powerLevelsOf(lookup, old.rules).user(upgrader)),
    // What stands above all levels in the old room is a level like any other in the new one.
    highestOf(powerLevels?.content) ?? LEVEL_WITHOUT_LIMIT,
  );
  const others = rules.auth.privilegedCreators
    ? additionalCreators.filter((userId) => userId !== upgrader)
    : [];
  const carried: { type: string; stateKey: string; content: JsonObject }[] = [];
  for (const type of CARRIED) {
    const event = await oldState.find(type, '');
    if (event !== undefined) carried.push({ type, stateKey: '', content: event.content });
  }
  const creators = { rules, creators: [upgrader, ...others], level };
  const content = replacementLevels(powerLevels?.content ?? {}, creators);
  return {
    rules,
    creator: upgrader,
    createContent: createContent(replacement, create, others),
    creatorProfile: upgraderProfile,
    initialState: [...carried, { type: 'm.room.power_levels', stateKey: '', content }],
  };
}

function createContent(
  { rules, old, lastEvent }: Replacement,
  create: Pdu | undefined,
  others: readonly UserId[],
): JsonObject {
  const carried = CARRIED_OF_CREATION.flatMap((key) => {
    const value = create && member(create.content, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  // From version 12 on the room's id tells where it began, and the last event need not be named.
  const named = rules.auth.privilegedCreators || lastEvent === undefined;
  return {
    ...Object.fromEntries(carried),
    predecessor: {
      room_id: old.roomId,
      ...(named ? {} : { event_id: lastEvent.eventId }),
    },
    ...(others.length === 0 ? {} : { additional_creators: [...others] }),
  };
}

/** Of the users that are named, or what any type takes; nobody of a new room needs more. */
function highestOf(content: JsonObject | undefined): number | undefined {
  if (content === undefined) return undefined;
  const levels = (['users', 'events'] as const).flatMap((key) => {
    const named = member(content, key);
    return named !== undefined && isObject(named) ? Object.values(named) : [];
  });
  const numbers = levels.map(Number).filter((level) => Number.isSafeInteger(level));
  return Math.max(LEVEL_WITHOUT_LIMIT, ...numbers);
}
