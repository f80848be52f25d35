import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId } from '../identifiers/brand.ts';
import {
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  NumberLiteral,
} from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { verdictOf } from '../testing/judge.ts';
import { userId } from '../testing/room-builder.ts';
import { propertyParameters } from '../testing/runs.ts';
import { allVersions } from '../testing/versions.ts';
import type { AuthEvent } from './auth-events.ts';
import { authEventKeys, checkAuth, checkStateRules, type StateLookup } from './index.ts';

const users = ['alice', 'bob', 'carol', '@zoe:other.example'].map(userId);
const types = [
  'm.room.create',
  'm.room.member',
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.third_party_invite',
  'm.room.aliases',
  'm.room.redaction',
  'm.room.message',
  '__proto__',
];
const memberships = ['join', 'join', 'join', 'join', 'join', 'invite', 'leave', 'ban', 'knock'];
const joinRules = ['public', 'invite', 'knock', 'restricted', 'knock_restricted'];
const levelNames = ['ban', 'kick', 'invite', 'redact', 'users_default', 'state_default'];

const rules = fc.constantFrom(...allVersions).map(getRoomVersion);
const user = fc.constantFrom(...users);

const level: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(0, 1, 49, 50, 51, 100, -1, 2 ** 53 - 1, -(2 ** 53) + 1),
  fc.constantFrom('50', ' +0051 ', '-1', '9007199254740993', '1e3', ''),
  fc
    .constantFrom('9007199254740993', '1e308', '1e309', '-0', '50.5', `-1${'0'.repeat(400)}`)
    .map((source) => new NumberLiteral(source)),
);

const key = fc.constantFrom(
  '__proto__',
  'constructor',
  'signed',
  'mxid',
  'token',
  'signatures',
  'public_key',
  'a',
  ...users,
);

const junk: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(level, fc.boolean(), fc.constant(null), fc.string({ maxLength: 4 }), user),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(objectOf),
  ),
})).value;

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(entries);
}

/** Sound content of some type most of the time, and anything else at times. */
function membersOf(
  sound: Readonly<Record<string, fc.Arbitrary<JsonValue>>>,
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<JsonObject> {
  const either = Object.entries(sound).map(
    ([name, value]) =>
      [name, fc.oneof({ weight: 29, arbitrary: value }, { weight: 1, arbitrary: junk })] as const,
  );
  return fc
    .record<Record<string, JsonValue>>(Object.fromEntries(either), {
      requiredKeys: [...requiredKeys],
    })
    .map((members) =>
      objectOf(
        Object.entries(members).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
    );
}

const levelMap = (keys: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(keys, level), { maxLength: 4 }).map(objectOf);

const contents = new Map(
  Object.entries({
    'm.room.create': membersOf({
      creator: user,
      additional_creators: fc.array(user, { maxLength: 2 }),
      'm.federate': fc.constantFrom(true, true, true, true, true, false),
      room_version: fc.constantFrom(...allVersions),
    }),
    'm.room.member': membersOf(
      {
        membership: fc.constantFrom(...memberships),
        join_authorised_via_users_server: user,
        third_party_invite: membersOf({
          signed: membersOf({ mxid: user, token: fc.constant('a') }),
        }),
      },
      ['membership'],
    ),
    'm.room.power_levels': membersOf({
      ...Object.fromEntries(levelNames.map((name) => [name, level])),
      users: levelMap(fc.oneof({ weight: 29, arbitrary: user }, { weight: 1, arbitrary: key })),
      events: levelMap(fc.constantFrom(...types)),
      notifications: levelMap(key),
    }),
    'm.room.join_rules': membersOf({ join_rule: fc.constantFrom(...joinRules) }),
  }),
);

const anyContent = fc.array(fc.tuple(key, junk), { maxLength: 3 }).map(objectOf);

function contentOf(type: string): fc.Arbitrary<JsonObject> {
  return contents.get(type) ?? anyContent;
}

function eventOf(
  type: string,
  stateKey: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<RoomEvent> {
  return fc.record({
    eventId: fc.constantFrom('$create', '$a', '$b:example.org', '$') as fc.Arbitrary<EventId>,
    roomId: fc.constantFrom('!create', '!a:example.org') as fc.Arbitrary<RoomId>,
    type: fc.constant(type),
    stateKey,
    sender: user,
    content: contentOf(type),
    originServerTs: fc.constantFrom(0, -(2 ** 63), 2 ** 63),
    depth: fc.constantFrom(0, 2 ** 63),
    authEvents: fc.constant([]),
    prevEvents: fc.constantFrom([], ['$create'], ['$create', '$a']) as fc.Arbitrary<EventId[]>,
    redacts: fc.constantFrom(undefined, '$b:example.org', '$') as fc.Arbitrary<EventId | undefined>,
  });
}

const someStateKey = fc.option(fc.constantFrom('', 'a', 'example.org', ...users), {
  nil: undefined,
});
const subject = fc
  .constantFrom(...types, ...types.filter((type) => contents.has(type)), 'm.room.power_levels')
  .chain((type) => eventOf(type, type === 'm.room.member' ? user : someStateKey));

/** What state may hold of what decisions look up, each part present or not. */
const state: fc.Arbitrary<readonly RoomEvent[]> = fc
  .tuple(
    ...['m.room.create', 'm.room.power_levels', 'm.room.join_rules'].map((type) =>
      fc.option(eventOf(type, fc.constant('')), { freq: 9, nil: undefined }),
    ),
    ...users.map((id) =>
      fc.option(eventOf('m.room.member', fc.constant(id)), { freq: 9, nil: undefined }),
    ),
    fc.option(eventOf('m.room.third_party_invite', fc.constant('a')), { nil: undefined }),
  )
  .map((events) => events.filter((event) => event !== undefined));

function lookupIn(events: readonly RoomEvent[]): StateLookup {
  return (type, stateKey) =>
    events.find((event) => event.type === type && event.stateKey === stateKey);
}

function entriesFor(event: RoomEvent, version: RoomVersionRules, events: readonly RoomEvent[]) {
  const lookup = lookupIn(events);
  return authEventKeys(event, version)
    .map(([type, stateKey]) => lookup(type, stateKey))
    .filter((entry) => entry !== undefined)
    .map((entry): AuthEvent => ({ event: { ...entry, roomId: event.roomId }, rejected: false }));
}

/** The same value with the keys of all objects in reverse. */
function reversed<T extends JsonValue>(value: T): T;
function reversed(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map((item) => reversed(item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, reversed(item)] as const);
  return objectOf(entries.toReversed());
}

function reversedEvent(event: RoomEvent): RoomEvent {
  return { ...event, content: reversed(event.content) };
}

describe('any event in any state', () => {
  it('[AUTH-11] is allowed or refused by a rule, never thrown at (SEC-10)', () => {
    fc.assert(
      fc.property(rules, subject, state, (version, event, events) => {
        const create = events.find(({ type }) => type === 'm.room.create');
        const entry = create === undefined ? undefined : { event: create, rejected: false };
        const decisions = [
          checkStateRules(event, version, lookupIn(events)),
          checkStateRules(event, version, () => undefined),
          checkAuth(event, version, entriesFor(event, version, events), entry),
          checkAuth(
            event,
            version,
            events.map((one) => ({ event: one, rejected: false })),
          ),
        ];
        for (const decision of decisions) {
          expect(verdictOf(decision)).toMatch(/^(allowed|AUTHA?-\d+(\.\d+)*)$/);
        }
      }),
      propertyParameters(),
    );
  });

  it('[AUTH-11] is judged alike in whatever order its keys come', () => {
    fc.assert(
      fc.property(rules, subject, state, (version, event, events) => {
        const one = checkStateRules(event, version, lookupIn(events));
        const other = checkStateRules(
          reversedEvent(event),
          version,
          lookupIn(events.map(reversedEvent)),
        );
        expect(verdictOf(other)).toBe(verdictOf(one));
      }),
      propertyParameters(),
    );
  });

  it('[AES-9] is judged by its auth events as by all of the state', () => {
    fc.assert(
      fc.property(rules, subject, state, (version, event, events) => {
        const selected = authEventKeys(event, version).concat([['m.room.create', '']]);
        const lookup = lookupIn(events);
        const narrow: StateLookup = (type, stateKey) =>
          selected.some((pair) => pair[0] === type && pair[1] === stateKey)
            ? lookup(type, stateKey)
            : undefined;
        expect(verdictOf(checkStateRules(event, version, narrow))).toBe(
          verdictOf(checkStateRules(event, version, lookup)),
        );
      }),
      propertyParameters(),
    );
  });
});

describe('a change of power levels', () => {
  const small = fc.dictionary(user, fc.integer({ min: -1, max: 3 }), {
    maxKeys: 4,
    noNullPrototype: true,
  });

  it('[AUTH-10.9.1] [AUTH-10.10.1] is allowed just where it lifts nobody above its sender and lowers no equal', () => {
    fc.assert(
      fc.property(rules, small, small, user, (version, was, is, sender) => {
        const events = [
          eventWith('m.room.create', { creator: userId('dave') }),
          eventWith('m.room.member', { membership: 'join' }, sender),
          eventWith('m.room.power_levels', { users: was, state_default: -1 }),
        ];
        const next = eventWith('m.room.power_levels', { users: is, state_default: -1 });
        const power = was[sender] ?? 0;
        const changed = users.filter((id) => was[id] !== is[id]);
        const lifts = changed.some((id) => (is[id] ?? power) > power);
        const lowers = changed.some((id) => id !== sender && (was[id] ?? -Infinity) >= power);
        const decision = checkStateRules({ ...next, sender }, version, lookupIn(events));
        expect(decision.ok).toBe(!lifts && !lowers);
      }),
      propertyParameters(),
    );
  });
});

function eventWith(type: string, content: JsonObject, stateKey = ''): RoomEvent {
  return {
    eventId: `$${type}` as EventId,
    roomId: '!a:example.org' as RoomId,
    type,
    stateKey,
    sender: userId('dave'),
    content,
    originServerTs: 0,
    depth: 1,
    authEvents: [],
    prevEvents: [],
    redacts: undefined,
  };
}
