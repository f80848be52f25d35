import { describe, expect, it } from 'vitest';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion, SUPPORTED_ROOM_VERSIONS } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { redact } from './redact.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const ALWAYS = words(`
  auth_events content depth event_id hashes origin_server_ts prev_events room_id sender signatures state_key type
`);
const UNTIL_10 = ['membership', 'origin', 'prev_state'];
const NEVER = ['age', 'redacts', 'unsigned', 'm.custom', 'constructor', '__proto__'];

/** Every content key that any version keeps for any type, and some that none keeps. */
const CONTENT_KEYS = words(`
  membership join_authorised_via_users_server creator room_version m.federate additional_creators join_rule allow ban
  events events_default invite kick notifications redact state_default users users_default aliases history_visibility
  redacts reason displayname avatar_url body name predecessor type toString __proto__
`);

const LEVELS = words('ban events events_default kick redact state_default users users_default');
const NOTHING: readonly string[] = [];

/** Content keys that stay, by version from which on they do. */
type Runs = readonly (readonly [from: number, keys: readonly string[]])[];

const KEPT = new Map<string, Runs>([
  [
    'm.room.member',
    [
      [1, ['membership']],
      [9, ['membership', 'join_authorised_via_users_server']],
    ],
  ],
  [
    'm.room.create',
    [
      [1, ['creator']],
      [11, CONTENT_KEYS],
    ],
  ],
  [
    'm.room.join_rules',
    [
      [1, ['join_rule']],
      [8, ['join_rule', 'allow']],
    ],
  ],
  [
    'm.room.power_levels',
    [
      [1, LEVELS],
      [11, [...LEVELS, 'invite']],
    ],
  ],
  [
    'm.room.aliases',
    [
      [1, ['aliases']],
      [6, NOTHING],
    ],
  ],
  ['m.room.history_visibility', [[1, ['history_visibility']]]],
  [
    'm.room.redaction',
    [
      [1, NOTHING],
      [11, ['redacts']],
    ],
  ],
  ['m.room.message', [[1, NOTHING]]],
  ['m.room.third_party_invite', [[1, NOTHING]]],
  ['m.room.server_acl', [[1, NOTHING]]],
  ['m.room.tombstone', [[1, NOTHING]]],
  ['constructor', [[1, NOTHING]]],
]);

const content: JsonObject = Object.fromEntries(CONTENT_KEYS.map((key) => [key, { of: key }]));

function eventOf(type: string): JsonObject {
  const keys = [...ALWAYS, ...UNTIL_10, ...NEVER].filter((key) => key !== 'type');
  const members = keys.map((key) => [key, key === 'content' ? content : { of: key }] as const);
  return Object.fromEntries([['type', type], ...members]);
}

function keptContent(type: string, version: RoomVersionId): readonly string[] {
  const left = member(redact(eventOf(type), getRoomVersion(version)), 'content');
  return isObject(left) ? Object.keys(left).toSorted() : ['no object'];
}

function expectKept(type: string): void {
  const runs = KEPT.get(type) ?? [];
  for (const version of SUPPORTED_ROOM_VERSIONS) {
    const expected = runs.findLast(([from]) => from <= Number(version))?.[1] ?? ['no row'];
    expect([version, ...keptContent(type, version)]).toEqual([version, ...expected.toSorted()]);
  }
}

describe('redaction', () => {
  it.each(SUPPORTED_ROOM_VERSIONS)('[RED-1] [RED-2] leaves top-level keys, version %s', (id) => {
    const expected = Number(id) < 11 ? [...ALWAYS, ...UNTIL_10] : ALWAYS;
    const left = redact(eventOf('m.room.message'), getRoomVersion(id));
    expect(Object.keys(left).toSorted()).toEqual(expected.toSorted());
    expect(member(left, 'sender')).toEqual({ of: 'sender' });
  });

  it('[RED-3] of m.room.member', () => expectKept('m.room.member'));
  it('[RED-4] of m.room.create', () => expectKept('m.room.create'));
  it('[RED-5] of m.room.join_rules', () => expectKept('m.room.join_rules'));
  it('[RED-6] of m.room.power_levels', () => expectKept('m.room.power_levels'));
  it('[RED-7] of m.room.aliases', () => expectKept('m.room.aliases'));
  it('[RED-8] of m.room.history_visibility', () => expectKept('m.room.history_visibility'));
  it('[RED-9] of m.room.redaction', () => expectKept('m.room.redaction'));

  it.each(['m.room.message', 'm.room.third_party_invite', 'm.room.server_acl', 'm.room.tombstone'])(
    '[RED-10] of %s',
    (type) => expectKept(type),
  );

  it('[RED-10] of a type that is the name of an inherited member', () => expectKept('constructor'));

  it.each([
    [{ signed: { token: 'a' }, display_name: 'b' }, { signed: { token: 'a' } }],
    [{ signed: 1 }, { signed: 1 }],
    [{ display_name: 'b' }, {}],
    [{}, {}],
    ['signed', undefined],
    [null, undefined],
    [['signed'], undefined],
  ])('[RED-11] leaves of third_party_invite %j: %j', (invite, kept) => {
    const event = {
      type: 'm.room.member',
      content: { membership: 'invite', third_party_invite: invite, reason: 'c' },
    };
    for (const version of SUPPORTED_ROOM_VERSIONS) {
      const stays = Number(version) >= 11 && kept !== undefined;
      expect(redact(event, getRoomVersion(version))).toEqual({
        type: 'm.room.member',
        content: { membership: 'invite', ...(stays ? { third_party_invite: kept } : {}) },
      });
    }
  });

  it('[RED-1] makes a content of what is none, and none of nothing', () => {
    const rules = getRoomVersion('11');
    expect(redact({ type: 'm.room.create', content: ['creator'] }, rules)).toEqual({
      type: 'm.room.create',
      content: {},
    });
    expect(redact({ type: 'm.room.create' }, rules)).toEqual({ type: 'm.room.create' });
    expect(redact({ content: { creator: 'a' } }, rules)).toEqual({ content: {} });
  });
});
