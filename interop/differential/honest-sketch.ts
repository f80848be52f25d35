import {
  member,
  type JsonObject,
  type RoomEvent,
  type RoomVersionRules,
  type StateMap,
  type UserId,
} from '@hansa/protocol';
import { randomSketch } from '@hansa/protocol/testing/event-graph-sketches';
import { pick } from '@hansa/protocol/testing/seeded-random';
import { changeLevels } from './level-change.ts';
import type { Sketch } from './simulated-room.ts';
import { promise, redeem, TOKENS } from './third-party.ts';

/** Users of `randomSketch`, one of a server that has nobody else, and one with an id of old. */
export const USERS = [
  '@u0:a.example',
  '@u2:b.example',
  '@u4:c.example',
  '@alone:d.example',
  '@Ä b:b.example',
].map((user) => user as UserId);

export interface SketchOptions {
  readonly rules: RoomVersionRules;
  readonly random: () => number;
  /** Lets levels be none, or huge. */
  readonly extremes: boolean;
}

/** Something that somebody might do in this state: what is done in other tests' rooms, and what they leave out. */
export function honestSketch(state: StateMap<RoomEvent>, options: SketchOptions): Sketch {
  const { random, rules } = options;
  const someone = pick(USERS, random);
  const joined = usersWith('join', state);
  const sender = joined.length > 0 ? pick(joined, random) : someone;
  const roll = random() * 100;
  if (roll < 3) return promise(sender, pick(TOKENS, random), random);
  if (roll < 7) return redemption(state, someone, sender, random);
  if (roll < 11) return membership(someone, someone, 'join');
  if (roll < 14)
    return membership(sender, pick([...usersWith('ban', state), someone], random), 'leave');
  if (roll < 17) return otherState(sender, random);
  if (roll < 25) return changeLevels(state, sender, random);
  if (roll < 26) return roomState('m.room.create', sender, { room_version: rules.id });
  return randomSketch(state, options);
}

function usersWith(value: string, state: StateMap<RoomEvent>): UserId[] {
  const events = [...state.ofType('m.room.member').values()];
  const have = events.filter(({ content }) => member(content, 'membership') === value);
  return have.map(({ stateKey }) => stateKey as UserId);
}

function roomState(type: string, sender: UserId, content: JsonObject): Sketch {
  return { type, stateKey: '', sender, content };
}

function membership(sender: UserId, target: UserId, value: string): Sketch {
  return { type: 'm.room.member', stateKey: target, sender, content: { membership: value } };
}

/** Of a promise that was made, mostly, by whom it was made, mostly, for the right user, mostly. */
function redemption(
  state: StateMap<RoomEvent>,
  user: UserId,
  other: UserId,
  random: () => number,
): Sketch {
  const made = [...state.ofType('m.room.third_party_invite').keys()];
  const token = made.length > 0 && random() < 0.9 ? pick(made, random) : pick(TOKENS, random);
  const promiser = state.get('m.room.third_party_invite', token)?.sender ?? other;
  const sender = random() < 0.9 ? promiser : other;
  return redeem(sender, user, { mxid: random() < 0.9 ? user : other, token }, random);
}

function otherState(sender: UserId, random: () => number): Sketch {
  const sketches = [
    { ...roomState('m.room.aliases', sender, { aliases: [] }), stateKey: 'a.example' },
    roomState('m.room.history_visibility', sender, { history_visibility: 'joined' }),
    roomState('m.room.server_acl', sender, { allow: ['*'], deny: ['d.example'] }),
    roomState('m.room.encryption', sender, { algorithm: 'm.megolm.v1.aes-sha2' }),
  ];
  return pick(sketches, random);
}
