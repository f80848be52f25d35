import type { EventTemplate } from '../events/build-event.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { UserId } from '../identifiers/brand.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { StateMap } from '../state-resolution/state-map.ts';
import { pick } from './seeded-random.ts';

/** What an event says, before it has a place in a room. */
export type Sketch = Pick<EventTemplate, 'type' | 'stateKey' | 'sender' | 'content' | 'redacts'>;

interface SketchOptions {
  readonly rules: RoomVersionRules;
  readonly random: () => number;
  readonly extremes?: boolean;
}

const USERS = ['u0:a', 'u1:a', 'u2:b', 'u3:b', 'u4:c', 'u5:c', 'u6:a', 'u7:b'].map(
  (name) => `@${name}.example` as UserId,
);
const [CREATOR, SECOND, THIRD] = USERS as [UserId, UserId, UserId];
const LEVELS = [0, 25, 50, 75, 100];
const EXTREME_LEVELS: readonly JsonValue[] = [
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  -1,
  '50',
  ' 100 ',
  'x',
  null,
  true,
  [],
];

/** The events that begin a room. */
export function firstSketches(rules: RoomVersionRules, random: () => number): readonly Sketch[] {
  const creator = rules.auth.createNeedsCreator ? { creator: CREATOR } : {};
  const additional =
    rules.auth.privilegedCreators && random() < 0.3 ? { additional_creators: [SECOND] } : {};
  const isCreator = (user: UserId) =>
    rules.auth.privilegedCreators && (user === CREATOR || 'additional_creators' in additional);
  const users = [CREATOR, SECOND].filter((user) => !isCreator(user)).map((user) => [user, 100]);
  return [
    state(CREATOR, 'm.room.create', '', { room_version: rules.id, ...creator, ...additional }),
    membership(CREATOR, CREATOR, 'join'),
    state(CREATOR, 'm.room.power_levels', '', {
      users: Object.fromEntries<JsonValue>([...users, [THIRD, 50]] as [string, JsonValue][]),
    }),
    state(CREATOR, 'm.room.join_rules', '', { join_rule: random() < 0.7 ? 'public' : 'invite' }),
  ];
}

/** Something that somebody might do in this state; not always allowed to. */
export function randomSketch(current: StateMap<RoomEvent>, options: SketchOptions): Sketch {
  const { random } = options;
  const joined = [...current.ofType('m.room.member')]
    .filter(([, event]) => event.content['membership'] === 'join')
    .map(([user]) => user as UserId);
  const sender = joined.length > 0 && random() < 0.95 ? pick(joined, random) : pick(USERS, random);
  const target = pick(USERS, random);
  const roll = random() * 100;
  if (roll < 26) return membership(target, target, 'join', authoriser(options, joined));
  if (roll < 30) return membership(sender, sender, 'join', { displayname: tag(random) });
  if (roll < 34) return membership(sender, sender, 'leave');
  if (roll < 38) return membership(target, target, 'knock');
  if (roll < 45) return membership(sender, target, 'invite');
  if (roll < 51) return membership(sender, target, 'leave');
  if (roll < 60) return membership(sender, target, 'ban');
  if (roll < 76) return state(sender, 'm.room.power_levels', '', changedLevels(current, options));
  if (roll < 82) return state(sender, 'm.room.join_rules', '', { join_rule: joinRule(random) });
  if (roll < 92) return state(sender, 'm.room.topic', '', { topic: tag(random) });
  if (roll < 94) return state(sender, 'org.example.mine', sender, { tag: tag(random) });
  if (roll < 96)
    return state(sender, 'm.room.third_party_invite', tag(random), { public_key: 'k' });
  if (roll < 98) return redaction(sender, current, random);
  return { type: 'm.room.message', sender, content: { body: tag(random), msgtype: 'm.text' } };
}

function state(sender: UserId, type: string, stateKey: string, content: JsonObject): Sketch {
  return { type, stateKey, sender, content };
}

function membership(
  sender: UserId,
  target: UserId,
  value: string,
  content: JsonObject = {},
): Sketch {
  return state(sender, 'm.room.member', target, { ...content, membership: value });
}

function authoriser({ rules, random }: SketchOptions, joined: readonly UserId[]): JsonObject {
  if (!rules.auth.restricted || joined.length === 0 || random() < 0.7) return {};
  return { join_authorised_via_users_server: pick(joined, random) };
}

function redaction(sender: UserId, current: StateMap<RoomEvent>, random: () => number): Sketch {
  const events = [...current].map(([, , event]) => event);
  const redacts = events.length > 0 ? pick(events, random).eventId : undefined;
  return { type: 'm.room.redaction', sender, content: {}, redacts };
}

function joinRule(random: () => number): string {
  return pick(['public', 'public', 'invite', 'knock', 'restricted', 'knock_restricted'], random);
}

/** Power levels with one to three changes, so that wars are fought step by step. */
function changedLevels(current: StateMap<RoomEvent>, options: SketchOptions): JsonObject {
  const { random } = options;
  const before = current.get('m.room.power_levels', '')?.content ?? {};
  const users = new Map(entriesOf(before['users']));
  const events = new Map(entriesOf(before['events']));
  let content: JsonObject = before;
  for (let change = 0; change <= random() * 3; change += 1) {
    const level = randomLevel(options);
    const roll = random();
    if (roll < 0.6) users.set(pick(USERS, random), level);
    else if (roll < 0.7) users.delete(pick(USERS, random));
    else if (roll < 0.8) events.set(pick(['m.room.topic', 'm.room.join_rules'], random), level);
    else
      content = { ...content, [pick(['ban', 'kick', 'invite', 'users_default'], random)]: level };
  }
  return { ...content, users: Object.fromEntries(users), events: Object.fromEntries(events) };
}

function randomLevel({ random, extremes }: SketchOptions): JsonValue {
  return extremes === true && random() < 0.2 ? pick(EXTREME_LEVELS, random) : pick(LEVELS, random);
}

function entriesOf(value: JsonValue | undefined): [string, JsonValue][] {
  return typeof value === 'object' && value !== null ? Object.entries(value as JsonObject) : [];
}

function tag(random: () => number): string {
  return Math.floor(random() * 1_000).toString(36);
}
