import { Checklist, deadline, Follower, Latencies, type MatrixClient } from '@hansa/testkit';
import { openRooms, registerPeople } from './demo-people.ts';
import type { DemoWorkspace } from './demo-workspaces.ts';

const MESSAGES_EACH_WAY = 100;
const MESSAGES_WHILE_STOPPED = 50;

/** The conversation that the demo is for, checked step by step. Answers whether all of it worked. */
export async function smoke(
  harbour: DemoWorkspace,
  lighthouse: DemoWorkspace,
  print: (line: string) => void,
): Promise<boolean> {
  const list = new Checklist(print);
  const people = await list.check('two people register at each workspace', () =>
    registerPeople(harbour, lighthouse),
  );
  if (people === undefined) return finish(list, print);
  const { ada, bela, cleo, dario } = people;

  const rooms = await list.check('a public room is joined by alias, a private one by invite', () =>
    openRooms(people, harbour),
  );
  if (rooms === undefined) return finish(list, print);
  const { publicRoom, privateRoom } = rooms;

  await list.check('all four see all four in the public room', async () => {
    const everybody = [ada, bela, cleo, dario];
    for (const person of everybody) {
      await person.until(
        (client) =>
          everybody.every(({ userId }) => client.room(publicRoom).membership(userId) === 'join'),
        deadline('all four members'),
      );
    }
  });

  const latencies = new Latencies();
  for (const [from, to] of [[ada, cleo] as const, [cleo, ada] as const]) {
    await list.check(`${MESSAGES_EACH_WAY} messages from ${from.userId} to ${to.userId}`, () =>
      converse(from, to, privateRoom, latencies),
    );
  }

  await list.check(
    `${MESSAGES_WHILE_STOPPED} messages while ${lighthouse.serverName} is stopped arrive, once and in order`,
    async () => {
      await lighthouse.process.stop();
      const bodies = Array.from({ length: MESSAGES_WHILE_STOPPED }, (_, n) => `while away ${n}`);
      for (const body of bodies) await ada.sendText(privateRoom, body);
      await lighthouse.process.resume();
      const arrived = () =>
        cleo
          .room(privateRoom)
          .bodies()
          .filter((body) => String(body).startsWith('while away'));
      await cleo.until(() => arrived().length >= bodies.length, deadline('what was missed'));
      assertEqual(arrived(), bodies);
    },
  );

  await list.check('both servers hold the same state', async () => {
    for (const room of [publicRoom, privateRoom]) {
      const [one, other] = await Promise.all([ada.state(room), cleo.state(room)]);
      assertEqual(
        other.map(({ event_id }) => event_id),
        one.map(({ event_id }) => event_id),
      );
    }
  });

  await list.check('who leaves is seen to leave, and gets nothing more', async () => {
    await cleo.leave(privateRoom);
    await ada.until(
      (client) => client.room(privateRoom).membership(cleo.userId) === 'leave',
      deadline('the leave'),
    );
    const afterwards = await ada.sendText(privateRoom, 'to myself');
    await ada.sendText(publicRoom, 'the last word');
    await cleo.until(
      (client) => client.room(publicRoom).bodies().includes('the last word'),
      deadline('the last word'),
    );
    const seen = cleo.room(privateRoom).timeline.map(({ event_id }) => event_id);
    if (seen.includes(afterwards)) throw new Error('a message reached somebody who had left');
  });

  print('');
  print(`  send to visible on the other server: ${latencies.describe()}`);
  return finish(list, print);
}

async function converse(
  from: MatrixClient,
  to: MatrixClient,
  room: string,
  latencies: Latencies,
): Promise<void> {
  await using follower = new Follower(to);
  const eventIds: string[] = [];
  for (let n = 1; n <= MESSAGES_EACH_WAY; n += 1) {
    const sentAt = performance.now();
    const eventId = await from.sendText(room, `${from.userId} says ${n}`);
    latencies.add((await follower.seen(eventId, deadline(`message ${n}`))) - sentAt);
    eventIds.push(eventId);
  }
  const sent = new Set(eventIds);
  const seen = to.room(room).timeline.map(({ event_id }) => event_id);
  assertEqual(
    seen.filter((eventId) => sent.has(eventId)),
    eventIds,
  );
}

function finish(list: Checklist, print: (line: string) => void): boolean {
  print('');
  print(list.summary());
  return !list.hasFailed;
}

function assertEqual(seen: readonly unknown[], expected: readonly unknown[]): void {
  if (JSON.stringify(seen) === JSON.stringify(expected)) return;
  throw new Error(
    `expected ${expected.length} in order, saw ${seen.length}: ${JSON.stringify(seen)}`,
  );
}
