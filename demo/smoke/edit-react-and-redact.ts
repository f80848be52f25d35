import { Follower, deadline, requireSame, type MatrixClient } from '@hansa/testkit';
import type { Checked } from '../checked.ts';

interface Pair {
  readonly room: string;
  readonly author: MatrixClient;
  /** At the other server. */
  readonly reader: MatrixClient;
}

/** What is done to a message after it was sent: three checks. */
export async function editReactAndRedact(
  checked: Checked,
  { room, author, reader }: Pair,
): Promise<void> {
  const text = (body: string) => ({ msgtype: 'm.text', body });
  const original = await author.send(room, 'm.room.message', text('Harvest on Mnday'));
  await reader.until(
    (client) => client.room(room).timeline.some(({ event_id }) => event_id === original),
    deadline('the message'),
  );
  const relations = [
    {
      what: 'an edit',
      type: 'm.room.message',
      content: {
        ...text('* Harvest on Monday'),
        'm.new_content': text('Harvest on Monday'),
        'm.relates_to': { rel_type: 'm.replace', event_id: original },
      },
    },
    {
      what: 'a reaction',
      type: 'm.reaction',
      content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: original, key: '👍' } },
    },
  ];
  for (const { what, type, content } of relations) {
    await checked.check(what, async (latencies) => {
      await using follower = new Follower(reader);
      const sentAt = performance.now();
      const eventId = await author.send(room, type, content);
      latencies.add((await follower.seen(eventId, deadline(what))) - sentAt);
      requireSame(what, await contentOf(reader, room, eventId), content);
    });
  }
  await checked.check('a redaction, after which nobody can read the message', async (latencies) => {
    await using follower = new Follower(reader);
    const sentAt = performance.now();
    const eventId = await author.redact(room, original, 'It was Tuesday');
    latencies.add((await follower.seen(eventId, deadline('the redaction'))) - sentAt);
    for (const person of [author, reader]) {
      requireSame('what is left', await contentOf(person, room, original), {});
    }
  });
}

async function contentOf(reader: MatrixClient, room: string, eventId: string): Promise<unknown> {
  const path = [room, 'event', eventId].map(encodeURIComponent).join('/');
  return (await reader.http.request('GET', `/_matrix/client/v3/rooms/${path}`))['content'];
}
