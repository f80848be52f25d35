import {
  isObject,
  member,
  type JsonObject,
  type JsonValue,
  type RoomEvent,
  type StateMap,
  type UserId,
} from '@hansa/protocol';
import { pick } from '@hansa/protocol/testing/seeded-random';
import { NAMED_LEVELS } from './named-levels.ts';
import type { Sketch } from './simulated-room.ts';

const LEVELS = [0, 49, 50, 51, 99, 100, 101];
const KEYS = new Map([
  ['events', ['m.room.topic', 'm.room.message', 'm.room.power_levels', 'm.room.member']],
  ['notifications', ['room', 'org.example']],
  ['users', ['@u0:a.example', '@u2:b.example', '@u4:c.example', '@alone:d.example']],
]);

/** The power levels of a room with one to three of them changed, of whatever kind. */
export function changeLevels(
  state: StateMap<RoomEvent>,
  sender: UserId,
  random: () => number,
): Sketch {
  let content = state.get('m.room.power_levels', '')?.content ?? {};
  for (let change = 0; change <= random() * 3; change += 1) content = withChange(content, random);
  return { type: 'm.room.power_levels', stateKey: '', sender, content };
}

function withChange(content: JsonObject, random: () => number): JsonObject {
  if (random() < 0.4) return changed(content, NAMED_LEVELS, random);
  const [property, keys] = pick([...KEYS], random);
  const map = member(content, property);
  return { ...content, [property]: changed(isObject(map) ? map : {}, keys, random) };
}

function changed(levels: JsonObject, keys: readonly string[], random: () => number): JsonObject {
  const key = pick(keys, random);
  const others: [string, JsonValue][] = Object.entries(levels).filter(([other]) => other !== key);
  return Object.fromEntries(random() < 0.2 ? others : [...others, [key, pick(LEVELS, random)]]);
}
