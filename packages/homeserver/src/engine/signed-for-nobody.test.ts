import {
  isUserId,
  member,
  serverOf,
  type JsonObject,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import { propertyParameters, slowRuns } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { notingKey } from './testing/noting-key.ts';
import { roomCreation, say, setState } from './testing/rooms.ts';
import { join } from './testing/shared-room.ts';
import type { TestServer } from './testing/test-server.ts';

/** What somebody of ours asked for, or what another server may have our signature under. */
type Reason = (signed: JsonObject) => boolean;

const nothing: Reason = () => false;
const contentOf = (signed: JsonObject) => member(signed, 'content') as JsonObject;

/** Our people, an honest server and a hostile one, with what each of them may do; and all that our key signed. */
class Stage {
  readonly network = new LyingNetwork();
  readonly signed: JsonObject[] = [];
  one!: TestServer;
  two!: TestServer;
  evil!: TestServer;
  /** Anybody may join the first, only by rights in it the third; the second is of the hostile server. */
  open!: RoomId;
  theirs!: RoomId;
  restricted!: RoomId;

  static async set(): Promise<Stage> {
    const stage = new Stage();
    const { network } = stage;
    stage.one = await network.addServer('one.example', {
      wrapKey: (key) => notingKey(key, (json) => stage.signed.push(json)),
    });
    [stage.two, stage.evil] = await network.addServers('two.example', 'evil.example');
    const { one, two, evil } = stage;
    stage.open = await one.engine.createRoom(roomCreation(one.user('alice'), { version: '11' }));
    stage.theirs = await evil.engine.createRoom(
      roomCreation(evil.user('mallory'), { version: '11' }),
    );
    stage.restricted = await one.engine.createRoom(
      roomCreation(one.user('alice'), { version: '11' }),
    );
    for (const server of [two, evil]) await join(server, stage.open, 'mallory', one);
    const allow = [{ type: 'm.room_membership', room_id: stage.open }];
    await setState(one, stage.restricted, 'alice', 'm.room.join_rules', {
      join_rule: 'restricted',
      allow,
    });
    await network.settle();
    stage.signed.length = 0;
    return stage;
  }

  /** An event that says it is of a user of ours, signed by the hostile server. */
  forged(type: string, content: JsonObject, stateKey?: string) {
    const { one, evil, open } = this;
    return forge(evil, one, {
      roomId: open,
      type,
      sender: one.user('alice'),
      content,
      ...(stateKey === undefined ? {} : { stateKey }),
    });
  }
}

const from =
  (sender: UserId, type: string, stateKey?: string): Reason =>
  (signed) =>
    signed['sender'] === sender && signed['type'] === type && signed['state_key'] === stateKey;

const membershipOf =
  (userId: UserId, roomId: RoomId, membership: string): Reason =>
  (signed) =>
    from(userId, 'm.room.member', userId)(signed) &&
    signed['room_id'] === roomId &&
    contentOf(signed)['membership'] === membership;

/** Does something, and says what our key may sign for it. */
type Act = (stage: Stage) => Promise<Reason>;

const tried = async (action: Promise<unknown>): Promise<void> => {
  await action.catch(() => {});
};

const ofOurs: Readonly<Record<string, Act>> = {
  async 'ours speak'({ one, open }) {
    await say(one, open, 'alice', 'hello');
    return from(one.user('alice'), 'm.room.message');
  },
  async 'ours name the room'({ one, open }) {
    await setState(one, open, 'alice', 'm.room.name', { name: 'name' });
    return from(one.user('alice'), 'm.room.name', '');
  },
  async 'ours invite'({ one, two, open }) {
    const target = two.user('bob');
    const invite = { roomId: open, sender: one.user('alice'), target, content: {} };
    await tried(one.engine.invite(invite));
    return from(one.user('alice'), 'm.room.member', target);
  },
  async 'ours join'({ one, evil, theirs }) {
    await tried(join(one, theirs, 'ann', evil));
    return membershipOf(one.user('ann'), theirs, 'join');
  },
  async 'ours leave'({ one, theirs }) {
    await tried(one.engine.leave({ roomId: theirs, userId: one.user('ann'), content: {} }));
    return membershipOf(one.user('ann'), theirs, 'leave');
  },
  async 'ours knock'({ one, evil, theirs }) {
    const knock = { roomId: theirs, userId: one.user('amy'), via: [evil.name], content: {} };
    await tried(one.engine.knock(knock));
    return membershipOf(one.user('amy'), theirs, 'knock');
  },
};

const ofOthers: Readonly<Record<string, Act>> = {
  async 'others speak'({ two, open }) {
    await say(two, open, 'mallory', 'hello');
    return nothing;
  },
  async 'others speak for ours'(stage) {
    const pdu = await stage.forged('m.room.message', { body: 'I said that' });
    await stage.one.engine.receive(stage.evil.name, [pdu.json]);
    return nothing;
  },
  async 'others hand in memberships of ours'(stage) {
    const { one, evil, open } = stage;
    for (const membership of ['join', 'leave', 'knock'] as const) {
      const pdu = await stage.forged('m.room.member', { membership }, one.user('alice'));
      const { eventId, json: event } = pdu;
      const handIn = { origin: evil.name, roomId: open, eventId, event };
      await tried(one.engine.acceptJoin(handIn));
      await tried(one.engine.acceptLeave(handIn));
      await tried(one.engine.acceptKnock(handIn));
    }
    return nothing;
  },
  async 'others ask for templates'({ one, evil, open }) {
    for (const userId of [one.user('alice'), evil.user('mallory')]) {
      for (const membership of ['join', 'leave', 'knock'] as const) {
        const make = { origin: evil.name, roomId: open, userId, membership };
        await tried(one.engine.makeMembership({ ...make, supportedVersions: ['11'] }));
      }
    }
    return nothing;
  },
  async 'others have what is no invite signed'(stage) {
    const { one, evil, open } = stage;
    const fake = [
      await stage.forged('m.room.member', { membership: 'invite' }, one.user('ann')),
      await forgedBy(stage, { type: 'm.room.power_levels', stateKey: one.user('ann') }),
      await forgedBy(stage, { content: { membership: 'ban' }, stateKey: one.user('ann') }),
      await forgedBy(stage, { stateKey: evil.user('other') }),
    ];
    for (const { eventId, json: event, rules } of fake) {
      const invite = { origin: evil.name, roomId: open, eventId, event, rules };
      await tried(one.engine.receiveInvite({ ...invite, inviteState: [], via: [] }));
    }
    return nothing;
  },
  async 'others invite ours'({ one, evil, theirs }) {
    const sender = evil.user('mallory');
    const target = one.user('ann');
    await tried(evil.engine.invite({ roomId: theirs, sender, target, content: {} }));
    // So the protocol has it: the invited server signs an invite for somebody of its own.
    return (signed) =>
      from(sender, 'm.room.member', target)(signed) && contentOf(signed)['membership'] === 'invite';
  },
  async 'others join by a right that ours can give'({ one, evil, restricted }) {
    await tried(join(evil, restricted, 'mallory', one));
    const isTheirs = membershipOf(evil.user('mallory'), restricted, 'join');
    return (signed) => isTheirs(signed) && isOurs(contentOf(signed), one);
  },
  async 'others join by a right that they have not'({ one, evil, restricted }) {
    const pdu = await forge(evil, one, {
      roomId: restricted,
      type: 'm.room.member',
      sender: evil.user('stranger'),
      stateKey: evil.user('stranger'),
      content: { membership: 'join', join_authorised_via_users_server: one.user('alice') },
    });
    const { eventId, json: event } = pdu;
    const handIn = { origin: evil.name, roomId: restricted, eventId, event };
    await tried(one.engine.acceptJoin(handIn));
    return nothing;
  },
  async 'others answer with templates of their own'({ network, one, evil, theirs, open }) {
    const honest = network.honestPortOf(one.name);
    const lies: readonly JsonObject[] = [
      { room_id: open },
      { sender: one.user('alice'), state_key: one.user('alice') },
      { type: 'm.room.power_levels', state_key: '' },
      { content: { membership: 'join', join_authorised_via_users_server: one.user('alice') } },
    ];
    const ann = one.user('annette');
    for (const lie of lies) {
      network.lies = {
        makeJoin: async (...question) => {
          const made = await honest.makeJoin(...question);
          return { ...made, event: { ...made.event, ...lie } };
        },
      };
      await tried(one.engine.join({ roomId: theirs, userId: ann, via: [evil.name], content: {} }));
    }
    network.lies = {};
    // Where ours are in the room already, nobody else is asked.
    const isHers = membershipOf(ann, theirs, 'join');
    return (signed) => isHers(signed) && !isOurs(contentOf(signed), one);
  },
};

const isOurs = (content: JsonObject, one: TestServer): boolean => {
  const by = content['join_authorised_via_users_server'];
  return typeof by === 'string' && isUserId(by) && serverOf(by) === one.name;
};

/** An event of mallory's, an invite unless told. */
function forgedBy(
  { one, evil, open }: Stage,
  fields: { readonly type?: string; readonly content?: JsonObject; readonly stateKey: string },
) {
  const { type = 'm.room.member', content = { membership: 'invite' }, stateKey } = fields;
  const sender = evil.user('mallory');
  return forge(evil, one, { roomId: open, type, sender, content, stateKey });
}

const acts: Readonly<Record<string, Act>> = { ...ofOurs, ...ofOthers };
const names = Object.keys(acts);

async function play(script: readonly string[]): Promise<void> {
  const stage = await Stage.set();
  for (const name of script) {
    const act = acts[name];
    if (act === undefined) throw new Error(`nobody does ${name}`);
    const mayBeSigned = await act(stage);
    await stage.network.settle();
    const unasked = stage.signed.splice(0).filter((signed) => !mayBeSigned(signed));
    expect({ name, unasked }).toEqual({ name, unasked: [] });
  }
  for (const server of [stage.one, stage.two, stage.evil]) server.problems.length = 0;
  await stage.network.close();
}

describe('our key', () => {
  it.each(names)('[SEC-06] signs nothing that nobody of ours asked for: %s', (name) =>
    play([name]),
  );

  it('[SEC-06] signs nothing that nobody of ours asked for, whatever went before', async () => {
    const script = fc.array(fc.constantFrom(...names), { minLength: 4, maxLength: 12 });
    await fc.assert(fc.asyncProperty(script, play), propertyParameters(slowRuns(10)));
  });

  it.each([
    'ours speak',
    'ours join',
    'others invite ours',
    'others join by a right that ours can give',
  ])('does sign: %s', async (name) => {
    const stage = await Stage.set();
    await acts[name]?.(stage);
    await stage.network.settle();
    expect(stage.signed.length).toBeGreaterThan(0);
    for (const server of [stage.one, stage.two, stage.evil]) server.problems.length = 0;
    await stage.network.close();
  });
});
