import {
  isArray,
  isObject,
  isUserId,
  member,
  serverOf,
  type JsonObject,
  type JsonValue,
  type RoomEvent,
  type RoomVersionRules,
  type StateMap,
} from '@hansa/protocol';
import { NAMED_LEVELS } from './named-levels.ts';
import type { Sketch } from './simulated-room.ts';

/** Something that Synapse and we decide differently, for a reason: `DIFFERENCES.md` has it under this id. */
export interface KnownDifference {
  readonly id: string;
  readonly concerns: (
    sketch: Sketch,
    state: StateMap<RoomEvent>,
    rules: RoomVersionRules,
  ) => boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    id: 'DIFF-1',
    concerns({ type, stateKey }, state) {
      const create = state.get('m.room.create', '');
      if (type !== 'm.room.member' || create === undefined || stateKey === undefined) return false;
      if (member(create.content, 'm.federate') !== false) return false;
      return isUserId(stateKey) && serverOf(stateKey) !== serverOf(create.sender);
    },
  },
  {
    id: 'DIFF-2',
    concerns({ type, content }) {
      const federate = member(content, 'm.federate');
      return type === 'm.room.create' && federate !== undefined && typeof federate !== 'boolean';
    },
  },
  {
    id: 'DIFF-3',
    concerns: ({ type, stateKey }) =>
      type === 'm.room.member' && stateKey !== undefined && !stateKey.includes(':'),
  },
  {
    id: 'DIFF-4',
    concerns: ({ type, stateKey }) => type === 'm.room.power_levels' && stateKey !== '',
  },
  {
    id: 'DIFF-5',
    concerns: ({ type, content }, _state, { auth }) =>
      type === 'm.room.power_levels' && !auth.integerLevelsOnly && !hasReadableLevels(content),
  },
  {
    id: 'DIFF-6',
    concerns: ({ type, content }) =>
      type === 'm.room.third_party_invite' && !hasReadableKeys(content),
  },
  {
    id: 'DIFF-7',
    concerns: ({ type, redacts }, _state, { auth }) =>
      type === 'm.room.redaction' && auth.redactionRule && redacts === undefined,
  },
  {
    id: 'DIFF-8',
    concerns({ type, content }) {
      const users = member(content, 'users');
      if (type !== 'm.room.power_levels' || !isObject(users)) return false;
      return Object.keys(users).some((key) => /^@.*:/s.test(key) && !isUserId(key));
    },
  },
  {
    id: 'DIFF-9',
    concerns: ({ type, content }) => type === 'm.room.member' && hasManySignatures(content),
  },
];

export function isKnownToDiffer(
  sketch: Sketch,
  state: StateMap<RoomEvent>,
  rules: RoomVersionRules,
): boolean {
  return knownDifferences.some(({ concerns }) => concerns(sketch, state, rules));
}

const MAPS_OF_LEVELS = ['events', 'notifications'];

const INTEGER_TEXT = /^\s*[+-]?[0-9]+\s*$/;
/** Python makes no integer of more digits. */
const SHORT_INTEGER_TEXT = /^\s*[+-]?[0-9]{1,4300}\s*$/;

function hasReadableLevels(content: JsonObject): boolean {
  const isReadable = (value: JsonValue | undefined, texts = SHORT_INTEGER_TEXT): boolean =>
    value === undefined ||
    typeof value === 'number' ||
    (typeof value === 'string' && texts.test(value));
  // `null` is no map of levels either.
  const maps = MAPS_OF_LEVELS.map((key) => memberOr(content, key, {}));
  const users = memberOr(content, 'users', {});
  return (
    NAMED_LEVELS.every((key) => isReadable(member(content, key))) &&
    maps.every((map) => isObject(map) && Object.values(map).every((value) => isReadable(value))) &&
    // Those of users Synapse reads at once, and refuses, as we do, what has too many digits.
    isObject(users) &&
    Object.values(users).every((value) => isReadable(value, INTEGER_TEXT))
  );
}

function memberOr(content: JsonObject, key: string, absent: JsonValue): JsonValue {
  const value = member(content, key);
  return value === undefined ? absent : value;
}

const ED25519_KEY = /^[A-Za-z0-9+/]{43}=?$/;

function hasReadableKeys(content: JsonObject): boolean {
  const isKey = (value: JsonValue | undefined): boolean =>
    typeof value === 'string' && ED25519_KEY.test(value);
  const listed = memberOr(content, 'public_keys', []);
  const single = member(content, 'public_key');
  return (
    (single === undefined || isKey(single)) &&
    isArray(listed) &&
    listed.every((entry) => isObject(entry) && isKey(member(entry, 'public_key')))
  );
}

function hasManySignatures(content: JsonObject): boolean {
  const invite = member(content, 'third_party_invite');
  const signed = isObject(invite) ? member(invite, 'signed') : undefined;
  const signatures = isObject(signed) ? member(signed, 'signatures') : undefined;
  if (!isObject(signatures)) return false;
  return Object.values(signatures).flatMap((byKey) => Object.keys(byKey ?? {})).length > 1;
}
