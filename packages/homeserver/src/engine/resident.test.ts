import { getRoomVersion, SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { EventId, JsonObject, RoomId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeMembership, SendMembership } from './room-engine.ts';
import { forge, type Forgery } from './testing/forge.ts';
import { bodies, roomCreation, say, setState } from './testing/rooms.ts';
import { refusedWith } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let three: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two, three] = await network.addServers('one.example', 'two.example', 'three.example');
  roomId = await one.engine.createRoom(roomCreation(one.user('alice')));
});
afterEach(() => network.close());

describe('a template', () => {
  const make = (request: Partial<MakeMembership>) =>
    one.engine.makeMembership({
      origin: two.name,
      roomId,
      userId: two.user('bob'),
      membership: 'join',
      supportedVersions: SUPPORTED_ROOM_VERSIONS,
      ...request,
    });

  it('names the place in the graph and the membership, and carries no hash or signature', async () => {
    const { event, rules } = await make({});
    expect(rules).toBe(getRoomVersion('12'));
    expect(event).toMatchObject({
      type: 'm.room.member',
      room_id: roomId,
      sender: two.user('bob'),
      state_key: two.user('bob'),
      content: { membership: 'join' },
      prev_events: await one.store.readers.rooms.listExtremities(roomId),
    });
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['hashes']));
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['signatures']));
  });

  it('is refused for a user of another server, a room version that is not known, a room that we are not in', async () => {
    await expect(make({ userId: three.user('carol') })).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    await expect(make({ supportedVersions: ['10'] })).rejects.toMatchObject({
      errcode: 'M_INCOMPATIBLE_ROOM_VERSION',
      fields: { room_version: '12' },
    });
    const other = '!other:one.example' as RoomId;
    await expect(make({ roomId: other })).rejects.toEqual(refusedWith('M_NOT_FOUND'));
  });

  it('is refused to who is banned, and to servers that the room keeps out', async () => {
    await setState(one, roomId, 'alice', 'm.room.member', { membership: 'ban' }, two.user('bob'));
    await expect(make({})).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    await setState(one, roomId, 'alice', 'm.room.server_acl', { allow: ['one.example'] });
    await expect(make({ userId: two.user('berta') })).rejects.toEqual(refusedWith('M_FORBIDDEN'));
  });

  it('is of no use to leave where nobody is', async () => {
    await expect(make({ membership: 'leave' })).rejects.toEqual(refusedWith('M_FORBIDDEN'));
  });
});

describe('a membership that another server sends', () => {
  const joinOf = (fields: Partial<Forgery> = {}, signer = two) =>
    forge(signer, one, {
      roomId,
      type: 'm.room.member',
      stateKey: two.user('bob'),
      sender: two.user('bob'),
      content: { membership: 'join' },
      ...fields,
    });

  const send = async (
    event: { readonly eventId: EventId; readonly json: JsonObject },
    request: Partial<SendMembership> = {},
  ) => {
    const { eventId, json } = event;
    return one.engine.acceptJoin({ origin: two.name, roomId, eventId, event: json, ...request });
  };

  it('is answered with the state before it, however often it is sent', async () => {
    const join = await joinOf();
    const [first, second] = [await send(join), await send(join)];
    expect(second).toEqual(first);
    expect(first.state.map(({ type }) => type).toSorted()).toEqual([
      'm.room.create',
      'm.room.history_visibility',
      'm.room.join_rules',
      'm.room.member',
      'm.room.power_levels',
    ]);
    expect(await one.views.joinedServers(roomId)).toEqual(['one.example', 'two.example']);
  });

  it('is refused when it is not what it should be, and nothing of it is stored', async () => {
    const position = await one.views.position();
    const good = await joinOf();
    const forbidden = refusedWith('M_FORBIDDEN');
    const invalid = refusedWith('M_INVALID_PARAM');
    // Sent by a server for a user of another one.
    await expect(send(good, { origin: three.name })).rejects.toEqual(forbidden);
    await expect(send(good, { eventId: '$other' as EventId })).rejects.toEqual(invalid);
    await expect(send(await joinOf({ content: { membership: 'leave' } }))).rejects.toEqual(invalid);
    await expect(send(await joinOf({ type: 'm.room.topic' }))).rejects.toEqual(invalid);
    await expect(send(await joinOf({ stateKey: two.user('berta') }))).rejects.toEqual(invalid);
    // Signed by a server that has no say.
    await expect(send(await joinOf({}, three))).rejects.toEqual(forbidden);
    await expect(send({ ...good, json: { ...good.json, depth: 'deep' } })).rejects.toEqual(
      refusedWith('M_BAD_JSON'),
    );
    const unheard = await joinOf({ prevEvents: [good.eventId], authEvents: good.authEvents });
    await expect(send(unheard)).rejects.toEqual(forbidden);
    expect(await one.views.position()).toBe(position);
  });

  it('is refused when the room does not let the user in', async () => {
    await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'invite' });
    await expect(send(await joinOf())).rejects.toEqual(refusedWith('M_FORBIDDEN'));
  });

  it('is sent on to the others, and not back', async () => {
    await three.engine.join({ roomId, userId: three.user('carol'), via: [one.name], content: {} });
    await network.settle();
    await two.engine.join({ roomId, userId: two.user('bob'), via: [one.name], content: {} });
    await network.settle();
    expect(await three.views.joinedUsers(roomId)).toContain(two.user('bob'));
    const back = await one.store.readers.destinations.listDue({
      server: two.name,
      after: 0,
      limit: 10,
    });
    expect(back.events).toEqual([]);
    await say(two, roomId, 'bob', 'hello');
    await network.settle();
    expect(await bodies(three, roomId)).toEqual(['hello']);
  });
});

describe('an invite that another server sends', () => {
  const inviteOf = (fields: Partial<Forgery> = {}, signer = one) =>
    forge(signer, one, {
      roomId,
      type: 'm.room.member',
      stateKey: two.user('bob'),
      sender: one.user('alice'),
      content: { membership: 'invite' },
      ...fields,
    });

  const receive = async (
    event: { readonly eventId: EventId; readonly json: JsonObject },
    request: Partial<Parameters<TestServer['engine']['receiveInvite']>[0]> = {},
  ) => {
    const create = await (await one.views.currentState(roomId)).find('m.room.create', '');
    return two.engine.receiveInvite({
      origin: one.name,
      roomId,
      eventId: event.eventId,
      rules: getRoomVersion('12'),
      event: event.json,
      inviteState: create === undefined ? [] : [create.json],
      via: [],
      ...request,
    });
  };

  it('is signed as it is, and nothing else', async () => {
    const invite = await inviteOf();
    const signed = await receive(invite);
    const { signatures, ...rest } = signed;
    const { signatures: before, ...original } = invite.json;
    expect(rest).toEqual(original);
    expect(Object.keys(signatures ?? {})).toEqual([...Object.keys(before ?? {}), two.name]);
  });

  it('is not signed when it is no invite for a user of ours, by a user of the server that sends it', async () => {
    const invalid = refusedWith('M_INVALID_PARAM');
    const forbidden = refusedWith('M_FORBIDDEN');
    const good = await inviteOf();
    await expect(receive(good, { origin: three.name })).rejects.toEqual(forbidden);
    await expect(receive(good, { eventId: '$other' as EventId })).rejects.toEqual(invalid);
    await expect(receive(good, { roomId: '!other' as RoomId })).rejects.toEqual(invalid);
    await expect(receive(await inviteOf({ content: { membership: 'join' } }))).rejects.toEqual(
      invalid,
    );
    await expect(receive(await inviteOf({ stateKey: three.user('carol') }))).rejects.toEqual(
      invalid,
    );
    await expect(receive(await inviteOf({}, three))).rejects.toEqual(forbidden);
    expect(await two.views.membershipsOf(two.user('bob'))).toEqual([]);
  });

  it('is not signed when its state is not that of the room', async () => {
    const invite = await inviteOf();
    const invalid = refusedWith('M_INVALID_PARAM');
    await expect(receive(invite, { inviteState: [] })).rejects.toEqual(invalid);
    const stripped = {
      type: 'm.room.create',
      state_key: '',
      sender: one.user('alice'),
      content: {},
    };
    await expect(receive(invite, { inviteState: [stripped] })).rejects.toEqual(invalid);
    const other = await one.engine.createRoom(roomCreation(one.user('alice')));
    const create = await (await one.views.currentState(other)).find('m.room.create', '');
    const foreign = { inviteState: [create?.json ?? {}] };
    await expect(receive(invite, foreign)).rejects.toEqual(invalid);
  });
});
