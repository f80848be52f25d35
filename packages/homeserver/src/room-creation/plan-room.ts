import {
  member,
  isArray,
  type JsonObject,
  type RoomAlias,
  type RoomVersionRules,
  type UserId,
} from '@hansa/protocol';
import type { RoomCreation } from '../engine/intents.ts';
import { firstPowerLevels } from './power-levels.ts';
import { PRESETS, presetState, type InitialState, type Preset } from './presets.ts';

export interface RoomWishes {
  readonly rules: RoomVersionRules;
  readonly creator: UserId;
  readonly creatorProfile: JsonObject;
  readonly preset: Preset;
  readonly alias: RoomAlias | undefined;
  readonly name: string | undefined;
  readonly topic: string | undefined;
  readonly invitees: readonly UserId[];
  readonly createContent: JsonObject;
  readonly powerLevelOverride: JsonObject;
  readonly initialState: readonly InitialState[];
}

/**
 * First events of a room in the order that the specification fixes (client-server API, `POST /createRoom`).
 * Where two say the same key, `initialState` stands over the preset, and name and topic over both.
 */
export function planRoom(wishes: RoomWishes): RoomCreation {
  const { rules, creator, preset, invitees } = wishes;
  const powerLevels = firstPowerLevels({
    rules,
    preset,
    creator,
    invitees,
    override: wishes.powerLevelOverride,
  });
  const implied: readonly InitialState[] = [
    { type: 'm.room.power_levels', stateKey: '', content: powerLevels },
    ...(wishes.alias === undefined
      ? []
      : [{ type: 'm.room.canonical_alias', stateKey: '', content: { alias: wishes.alias } }]),
    ...presetState(preset),
  ];
  const named: readonly InitialState[] = [
    ...(wishes.name === undefined
      ? []
      : [{ type: 'm.room.name', stateKey: '', content: { name: wishes.name } }]),
    ...(wishes.topic === undefined
      ? []
      : [{ type: 'm.room.topic', stateKey: '', content: topicContent(wishes.topic) }]),
  ];
  return {
    rules,
    creator,
    createContent: withTrustedCreators(wishes),
    creatorProfile: wishes.creatorProfile,
    initialState: lastWins([...implied, ...wishes.initialState, ...named]),
  };
}

function withTrustedCreators({
  rules,
  preset,
  createContent,
  invitees,
  creator,
}: RoomWishes): JsonObject {
  if (!rules.auth.privilegedCreators || !PRESETS[preset].trustsInvitees) return createContent;
  const given = member(createContent, 'additional_creators');
  const others = new Set([...(isArray(given) ? given : []), ...invitees]);
  others.delete(creator);
  return others.size === 0 ? createContent : { ...createContent, additional_creators: [...others] };
}

function topicContent(topic: string): JsonObject {
  return { topic, 'm.topic': { 'm.text': [{ body: topic, mimetype: 'text/plain' }] } };
}

/** A later wish replaces an earlier one of the same key, in the earlier one's place. */
function lastWins(events: readonly InitialState[]): readonly InitialState[] {
  const keyOf = ({ type, stateKey }: InitialState) => JSON.stringify([type, stateKey]);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}
