import type { ClientEvent } from '@hansa/protocol/wire';
import { deadline, pageBack, WorkspaceNetwork, type MatrixClient } from '@hansa/testkit';
import { expect, it } from 'vitest';

const ALIAS = '#harbour:s1.test';

const ids = (events: readonly ClientEvent[]) => events.map(({ event_id: eventId }) => eventId);

/** What somebody reads who goes on backwards from where `/sync` began. */
async function readFrom(reader: MatrixClient, room: string, from: string | undefined) {
  const events: ClientEvent[] = [];
  for (let next = from; next !== undefined;) {
    const page = await reader.messages(room, { dir: 'b', from: next, limit: 4 });
    events.push(...page.chunk);
    next = page.end;
  }
  return events.toReversed();
}

it('pages through what was said between two stays on another server, from a sync that ends there', async () => {
  await using network = await WorkspaceNetwork.create({ servers: 2 });
  const [ada, bob] = await network.people('ada', 'bob');
  const room = await ada.createRoom({ preset: 'public_chat', room_alias_name: 'harbour' });
  await ada.sendText(room, 'before the first stay');
  await bob.join(ALIAS);
  await bob.sendText(room, 'during the first stay');
  await bob.leave(room);
  await ada.until(
    (client) => client.room(room).membership(bob.userId) === 'leave',
    deadline('the leave'),
  );
  for (let n = 1; n <= 6; n += 1) await ada.sendText(room, `between the stays ${n}`);
  await ada.setState(room, 'm.room.topic', { topic: 'between the stays' });
  await bob.join(ALIAS);
  const newest = await bob.sendText(room, 'during the second stay');
  await ada.until(
    (client) => client.room(room).timeline.some(({ event_id: eventId }) => eventId === newest),
    deadline('the newest message'),
  );

  const timeline = (await bob.sync()).rooms?.join?.[room]?.timeline;
  expect(timeline?.limited).toBe(true);
  expect(timeline?.events.map(({ type }) => type)).toEqual(['m.room.member', 'm.room.message']);
  const everything = await pageBack(ada, room);
  const older = await readFrom(bob, room, timeline?.prev_batch);
  expect(ids([...older, ...(timeline?.events ?? [])])).toEqual(ids(everything));
  // What was found once is there from then on, and is no gap any more.
  await network.server(0).stop();
  expect(ids(await pageBack(bob, room))).toEqual(ids(everything));
  const again = (await bob.sync()).rooms?.join?.[room]?.timeline;
  expect(ids(again?.events ?? [])).toEqual(ids(everything).slice(-(again?.events.length ?? 0)));
  expect(again?.events.length).toBeGreaterThan(2);
});
