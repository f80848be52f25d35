import type { JsonObject, JsonValue, UserId } from '@hansa/protocol';
import {
  deadline,
  ForeignMember,
  MatrixClient,
  TEST_PASSWORD,
  WorkspaceNetwork,
} from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE, Siege } from './testing/siege.ts';

let siege: Siege;
let roomId: string;
let mallory: ForeignMember;
/** In none of the rooms. */
let bela: MatrixClient;
let transactions = 0;
beforeAll(async () => {
  siege = await Siege.begin();
  bela = await MatrixClient.register(siege.ada.http.baseUrl, 'bela', TEST_PASSWORD);
});
afterAll(() => siege[Symbol.asyncDispose]());
beforeEach(async () => {
  roomId = await siege.ada.createRoom({ preset: 'public_chat' });
  mallory = await ForeignMember.join(siege.server(HOSTILE), siege.target, { roomId });
});

const clientPath = (verb: string) =>
  `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/${verb}`;

const moderate = (verb: 'ban' | 'unban') =>
  siege.ada.http.request('POST', clientPath(verb), { user_id: mallory.userId });

const denyServer = () =>
  siege.ada.setState(roomId, 'm.room.server_acl', { allow: ['*'], deny: [HOSTILE] });

function edu(type: string, content: JsonObject): JsonObject {
  return { edu_type: type, content };
}

/** Everything by which somebody might be heard of; none of it may fail with a fault of ours. */
async function sendAll(guest: UserId): Promise<void> {
  const { ada } = siege;
  const write = (type: string, content: JsonObject, stateKey?: string) =>
    mallory.write({ type, content, ...(stateKey !== undefined && { stateKey }) });
  const invite = write('m.room.member', { membership: 'invite' }, guest);
  const pdus: readonly JsonValue[] = [
    write('m.room.message', { msgtype: 'm.text', body: 'heard of' }),
    write('m.room.name', { name: 'heard of' }, ''),
    write('m.room.member', { membership: 'join', displayname: 'heard of' }, mallory.userId),
    write('m.room.member', { membership: 'knock', reason: 'heard of' }, mallory.userId),
    invite,
  ];
  const read = { event_ids: [mallory.last.eventId], data: { ts: 1 } };
  const edus = [
    edu('m.typing', { room_id: roomId, user_id: mallory.userId, typing: true }),
    edu('m.receipt', { [roomId]: { 'm.read': { [mallory.userId]: read } } }),
    edu('m.direct_to_device', {
      sender: mallory.userId,
      type: 'org.example.heard.of',
      message_id: 'm',
      messages: { [ada.userId]: { '*': { body: 'heard of' } } },
    }),
  ];
  transactions += 1;
  const sent = await siege.attack('PUT', `/_matrix/federation/v1/send/heard-${transactions}`, {
    body: { origin: HOSTILE, origin_server_ts: 1, pdus, edus },
  });
  expect(sent.status).toBe(200);
  const room = encodeURIComponent(roomId);
  const path = `/_matrix/federation/v2/invite/${room}/${encodeURIComponent(mallory.last.eventId)}`;
  const invited = await siege.attack('PUT', path, {
    body: { room_version: mallory.rules.id, event: invite, invite_room_state: [] },
  });
  expect([200, 400, 403]).toContain(invited.status);
  for (const membership of ['join', 'knock']) {
    const place = `${room}/${encodeURIComponent(mallory.userId)}?ver=${mallory.rules.id}`;
    const made = await siege.attack('GET', `/_matrix/federation/v1/make_${membership}/${place}`);
    expect([400, 403]).toContain(made.status);
  }
}

describe.each([
  ['who is banned', () => moderate('ban')],
  ['whose server the room denies', denyServer],
])('[SEC-47] somebody %s', (_what, shutOut) => {
  it('is not shown, by whatever they send', async () => {
    const { ada } = siege;
    await shutOut();
    const { next_batch: since } = await ada.sync();
    await sendAll(bela.userId as UserId);
    await sendAll(ada.userId as UserId);
    await siege.expectUndisturbed();
    const { rooms, to_device: toDevice } = await ada.sync({ since });
    expect(rooms?.join?.[roomId]).toBeUndefined();
    expect([rooms?.invite, rooms?.knock, toDevice?.events ?? []]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    const whole = JSON.stringify(await ada.sync());
    expect(whole).not.toContain('heard of');
    expect((await bela.sync()).rooms).toBeUndefined();
  });
});

describe('[SEC-47] who was banned', () => {
  it('is heard again once the ban is lifted, though their server was told of nothing meanwhile', async () => {
    await moderate('ban');
    await siege.ada.sendText(roomId, 'behind the back');
    await moderate('unban');
    const back = await ForeignMember.join(siege.server(HOSTILE), siege.target, { roomId });
    const eventId = await back.say(siege.target, 'here again');
    const timeline = () => siege.ada.room(roomId).timeline.map(({ event_id: id }) => id);
    await siege.ada.until(() => timeline().includes(eventId), deadline('what was said after'));
  });

  it('may be invited again to a private room, and both hear each other', async () => {
    await using network = await WorkspaceNetwork.create({ servers: 2 });
    const [ada, cleo] = await network.people('ada', 'cleo');
    const room = await ada.createRoom({ preset: 'private_chat', invite: [cleo.userId] });
    const path = (verb: string) => `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${verb}`;
    const isInvited = () => cleo.until(({ invites }) => invites.has(room), deadline('the invite'));
    await isInvited();
    await cleo.join(room);
    for (const round of [1, 2]) {
      await ada.http.request('POST', path('ban'), { user_id: cleo.userId });
      await cleo.until(({ left }) => left.has(room), deadline('the ban'));
      await expect(cleo.join(room, ['s1.test'])).rejects.toThrow('M_FORBIDDEN');
      await ada.sendText(room, `behind the back ${round}`);
      await ada.http.request('POST', path('unban'), { user_id: cleo.userId });
      await ada.invite(room, cleo.userId);
      await isInvited();
      await cleo.join(room);
      for (const [one, other] of [
        [ada, cleo],
        [cleo, ada],
      ] as const) {
        const body = `round ${round} of ${one.userId}`;
        await one.sendText(room, body);
        await other.until((client) => client.room(room).bodies().includes(body), deadline(body));
      }
    }
  });
});
