import { redactPdu } from '@hansa/protocol';
import type { JsonValue, Pdu, RoomId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge, lastEvent } from './testing/forge.ts';
import { bodies, say, setState } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
  roomId = await sharedRoom(network, one, [[two, 'bob']]);
});
afterEach(() => network.close());

const message = (body: string) => ({
  roomId,
  type: 'm.room.message',
  sender: two.user('bob'),
  content: { msgtype: 'm.text', body },
});

const receive = (...pdus: readonly Pdu[]) => receiveJson(...pdus.map(({ json }) => json));

async function receiveJson(...pdus: readonly JsonValue[]): Promise<readonly unknown[]> {
  const answers = await one.engine.receive(two.name, pdus);
  await network.idle();
  return [...answers.values()];
}

const verdictOf = async ({ eventId }: Pdu) => {
  const stored = await one.store.readers.events.find(roomId, eventId);
  return (
    stored && [stored.place, stored.verdict, stored.position === undefined ? 'hidden' : 'seen']
  );
};

describe('an event from another server', () => {
  it('is appended at once', async () => {
    const pdu = await forge(two, one, message('hello'));
    expect(await receive(pdu)).toEqual([undefined]);
    expect(await verdictOf(pdu)).toEqual(['timeline', 'accepted', 'seen']);
  });

  it('is taken once, however often it comes', async () => {
    const pdu = await forge(two, one, message('once'));
    await receive(pdu, pdu);
    await Promise.all([receive(pdu), receive(pdu)]);
    expect(await bodies(one, roomId)).toEqual(['once']);
    await one.restart();
    network.checked.clear();
    expect(await receive(pdu)).toEqual([undefined]);
    // What is known is known: it costs no signature.
    expect([...network.checked]).toEqual([]);
    expect(await bodies(one, roomId)).toEqual(['once']);
  });

  it('is dropped when its format is wrong, and does no harm to the others', async () => {
    const good = await forge(two, one, message('good'));
    const bad = { ...(await forge(two, one, message('bad'))).json, depth: 'deep' };
    const answers = await receiveJson('nonsense', { room_id: 3 }, bad, good.json);
    expect(answers).toEqual([{ error: expect.stringContaining('EV-') as unknown }, undefined]);
    expect(await bodies(one, roomId)).toEqual(['good']);
  });

  it('is dropped when its signature is wrong', async () => {
    // Signed by two in the name of a user of one.
    const pdu = await forge(two, one, { ...message('forged'), sender: one.user('alice') });
    expect(await receive(pdu)).toEqual([{ error: expect.stringContaining('SIG-') as unknown }]);
    expect(await verdictOf(pdu)).toBeUndefined();
  });

  it('goes on as its redacted copy when its content hash is wrong', async () => {
    const pdu = await forge(two, one, message('original'), (json) => ({
      ...json,
      content: { msgtype: 'm.text', body: 'changed on the way' },
    }));
    expect(await receive(pdu)).toEqual([undefined]);
    const stored = await one.views.findEvent(roomId, pdu.eventId);
    expect(stored).toMatchObject({ verdict: 'accepted', pdu: { content: {} } });
    expect(stored?.pdu.json).toEqual(redactPdu(pdu).json);
  });

  it('is rejected and kept, hidden, when its auth events do not allow it', async () => {
    const pdu = await forge(two, one, {
      ...message(''),
      type: 'm.room.name',
      stateKey: '',
      content: { name: 'mine now' },
    });
    expect(await receive(pdu)).toEqual([{ error: 'rejected by AUTH-8' }]);
    expect(await verdictOf(pdu)).toEqual(['timeline', 'rejected', 'hidden']);
    const state = await one.views.currentState(roomId);
    expect(await state.find('m.room.name', '')).toBeUndefined();
  });

  it('is rejected by the state before it, though its auth events allow it', async () => {
    const honest = await forge(two, one, message(''));
    const ban = { membership: 'ban' };
    const { eventId } = await setState(one, roomId, 'alice', 'm.room.member', ban, two.user('bob'));
    const pdu = await forge(two, one, {
      ...message('banned, and knows it'),
      prevEvents: [eventId],
      authEvents: honest.authEvents,
    });
    expect(await receive(pdu)).toEqual([{ error: 'rejected by AUTH-6' }]);
    expect(await verdictOf(pdu)).toEqual(['timeline', 'rejected', 'hidden']);
  });

  it('is rejected by its auth events, though the state before it allows it', async () => {
    const { authEvents } = await forge(two, one, message(''));
    const topic = await setState(one, roomId, 'alice', 'm.room.topic', { topic: 't' });
    const pdu = await forge(two, one, {
      ...message('names what it may not'),
      authEvents: [...authEvents, topic.eventId],
    });
    expect(await receive(pdu)).toEqual([{ error: 'rejected by AUTH-3.2' }]);
  });

  it('[SEC-11] may follow a rejected event, which changes no state', async () => {
    const rejected = await forge(two, one, {
      ...message(''),
      type: 'm.room.name',
      stateKey: '',
      content: { name: 'mine now' },
    });
    await receive(rejected);
    const before = await lastEvent(one, roomId);
    const child = await forge(two, one, {
      ...message('innocent child'),
      prevEvents: [rejected.eventId],
      authEvents: (await forge(two, one, message(''))).authEvents,
    });
    expect(await receive(child)).toEqual([undefined]);
    expect(await bodies(one, roomId)).toEqual(['innocent child']);
    const next = await say(one, roomId, 'alice', 'next');
    const { pdu } = (await one.views.findEvent(roomId, next.eventId)) ?? { pdu: child };
    // The child reaches what came before, through its rejected parent.
    expect(pdu.prevEvents).toEqual([child.eventId]);
    expect(pdu.prevEvents).not.toContain(before);
  });

  it('[SEC-11] is soft-failed when only the current state forbids it, and nobody sees it', async () => {
    const fork = await lastEvent(one, roomId);
    const ban = { membership: 'ban' };
    const { eventId } = await setState(one, roomId, 'alice', 'm.room.member', ban, two.user('bob'));
    const pdu = await forge(two, one, { ...message('I was never banned'), prevEvents: [fork] });
    expect(await receive(pdu)).toEqual([undefined]);
    expect(await verdictOf(pdu)).toEqual(['timeline', 'soft-failed', 'hidden']);
    expect(await bodies(one, roomId)).toEqual([]);
    const next = await say(one, roomId, 'alice', 'goodbye');
    const stored = await one.views.findEvent(roomId, next.eventId);
    expect(stored?.pdu.prevEvents).toEqual([eventId]);
    // Other servers get it by reference, as the graph goes through it.
    const walked = await one.views.walkBack({
      roomId,
      from: [pdu.eventId],
      stopAt: new Set(),
      limit: 1,
      minDepth: 0,
    });
    expect(walked).toMatchObject([{ verdict: 'soft-failed' }]);
  });

  it('is refused when its origin is not allowed in the room', async () => {
    const acl = { allow: ['*'], deny: ['two.example'], allow_ip_literals: false };
    await setState(one, roomId, 'alice', 'm.room.server_acl', acl);
    const pdu = await forge(two, one, message('hello?'));
    expect(await receive(pdu)).toEqual([
      { error: expect.stringContaining('not allowed') as unknown },
    ]);
    expect(await verdictOf(pdu)).toBeUndefined();
  });

  it('is refused when we are not in the room', async () => {
    const pdu = await forge(two, one, message('anybody?'));
    await one.engine.leave({ roomId, userId: one.user('alice'), content: {} });
    await network.idle();
    expect(await receive(pdu)).toEqual([{ error: expect.stringContaining('not in') as unknown }]);
  });

  it('is staged, not rejected, while its signature cannot be checked', async () => {
    network.keyless.add(two.name);
    const pdu = await forge(two, one, message('patience'));
    expect(await receive(pdu)).toEqual([undefined]);
    expect(await verdictOf(pdu)).toBeUndefined();
    await one.restart();
    network.keyless.clear();
    network.time.advance(5_000);
    await network.idle();
    expect(await bodies(one, roomId)).toEqual(['patience']);
    expect(await one.store.readers.stage.count(roomId)).toBe(0);
  });
});

describe('a redaction that comes before its target', () => {
  it('is held, then shown together with the pruned target', async () => {
    const target = await forge(two, one, message('regretted'));
    const redaction = await forge(two, one, {
      ...message(''),
      type: 'm.room.redaction',
      redacts: target.eventId,
      content: {},
    });
    expect(await receive(redaction)).toEqual([undefined]);
    expect(await verdictOf(redaction)).toEqual(['timeline', 'accepted', 'hidden']);
    const before = await one.views.position();
    await one.restart();
    await receive(target);
    expect(await verdictOf(redaction)).toEqual(['timeline', 'accepted', 'seen']);
    const shown = await one.views.findEvent(roomId, target.eventId);
    expect(shown).toMatchObject({ pdu: { content: {} } });
    expect(shown?.redactedBy?.eventId).toBe(redaction.eventId);
    const fresh = await one.views.timeline({
      roomId,
      direction: 'forward',
      from: before,
      limit: 10,
    });
    expect(fresh.map(({ pdu }) => pdu.eventId)).toEqual([target.eventId, redaction.eventId]);
  });

  it('has no effect, and is shown to nobody, without power over its target', async () => {
    const target = await say(one, roomId, 'alice', 'mine');
    const redaction = await forge(two, one, {
      ...message(''),
      type: 'm.room.redaction',
      redacts: target.eventId,
      content: {},
    });
    await receive(redaction);
    expect(await verdictOf(redaction)).toEqual(['timeline', 'accepted', 'hidden']);
    expect(await bodies(one, roomId)).toEqual(['mine']);
  });
});
