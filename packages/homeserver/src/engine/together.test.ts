import { readMembership, redactPdu } from '@hansa/protocol';
import type { DeviceId, EventId, JsonObject, RoomId } from '@hansa/protocol';
import { propertyParameters, slowRuns } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MatrixError } from '../matrix-error.ts';
import { roomCreation } from './testing/rooms.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

/** A case is two servers. */
const CASES_IN_TEST = 20;

interface Intent {
  readonly who: number;
  readonly what: 'say' | 'name' | 'join' | 'leave' | 'ban' | 'redact' | 'again';
  readonly whom: number;
}

const intents = fc.array(
  fc.record({
    who: fc.nat(2),
    what: fc.constantFrom('say', 'name', 'join', 'leave', 'ban', 'redact', 'again'),
    whom: fc.nat(2),
  }) as fc.Arbitrary<Intent>,
  { minLength: 2, maxLength: 30 },
);

it('decides the same whether work waits for commits or stands on what is not committed', async () => {
  await fc.assert(
    fc.asyncProperty(intents, async (plan) => {
      expect(await play(plan, 'together')).toEqual(await play(plan, 'one by one'));
    }),
    propertyParameters(slowRuns(CASES_IN_TEST)),
  );
});

/** What becomes of the intents, and of the room. */
async function play(plan: readonly Intent[], how: 'together' | 'one by one'): Promise<unknown> {
  const network = new TestNetwork();
  const server = await network.addServer('one.example');
  const powerLevels = { state_default: 0, ban: 50, redact: 50 };
  const creation = roomCreation(server.user('u0'), { version: '11', powerLevels });
  const roomId = await server.engine.createRoom(creation);
  const first = await send(server, roomId, { who: 0, what: 'say', whom: 0 }, 0, undefined);
  const outcomes: Promise<string>[] = [];
  for (const [n, intent] of plan.entries()) {
    const outcome = outcomeOf(send(server, roomId, intent, n + 1, first.eventId));
    outcomes.push(outcome);
    if (how === 'one by one') await outcome;
  }
  const decided = await Promise.all(outcomes);
  const from = 0;
  const timeline = await server.views.timeline({ roomId, direction: 'forward', from, limit: 99 });
  const state = await (await server.views.currentState(roomId)).list();
  const joined = await server.views.joinedUsers(roomId);
  const residence = (await server.views.findRoom(roomId))?.residence;
  await network.close();
  return {
    decided,
    timeline: timeline.map(({ pdu, redactedBy }) => [
      pdu.type,
      pdu.sender,
      pdu.stateKey,
      redactedBy === undefined ? pdu.content : redactPdu(pdu).content,
      pdu.depth,
    ]),
    state: state.map(({ type, stateKey, content }) => [type, stateKey, content]),
    joined,
    residence,
    members: state
      .filter(({ type, content }) => type === 'm.room.member' && readMembership(content) === 'join')
      .map(({ stateKey }) => stateKey),
  };
}

function send(
  server: TestServer,
  roomId: RoomId,
  { who, what, whom }: Intent,
  n: number,
  target: EventId | undefined,
): Promise<{ readonly eventId: EventId }> {
  const sender = server.user(`u${who}`);
  const intend = (type: string, content: JsonObject, stateKey?: string) =>
    server.engine.send({
      roomId,
      sender,
      type,
      content,
      ...(stateKey === undefined ? {} : { stateKey }),
      ...(type === 'm.room.redaction' && target !== undefined ? { redacts: target } : {}),
      transaction: {
        userId: sender,
        deviceId: 'D' as DeviceId,
        // The same transaction comes again now and then.
        key: what === 'again' ? 'again' : `${n}`,
      },
    });
  const other = server.user(`u${whom}`);
  switch (what) {
    case 'say':
    case 'again':
      return intend('m.room.message', { body: `${what} ${who}` });
    case 'name':
      return intend('m.room.name', { name: `by ${who}, ${n}` }, '');
    case 'join':
    case 'leave':
      return intend('m.room.member', { membership: what }, sender);
    case 'ban':
      return intend('m.room.member', { membership: 'ban' }, other);
    case 'redact':
      return intend('m.room.redaction', { reason: `${n}` });
  }
}

/** Who was refused is told why; who was not, that it is done. */
async function outcomeOf(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
    return 'done';
  } catch (error) {
    if (error instanceof MatrixError) return error.message;
    throw error;
  }
}
