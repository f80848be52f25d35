import { deadline, type MatrixClient } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const API = '/_matrix/client/v3/rooms';
const TYPING_MS = 20_000;

export const typingAndReceipts: Scenario = {
  title: 'typing notices and read receipts both ways',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [one, other] of [[host, guest] as const, [guest, host] as const]) {
      await setTyping(one, room, true);
      await hears(other, room, 'm.typing', `["${one.userId}"]`);
      await setTyping(one, room, false);
      await hears(other, room, 'm.typing', '[]');
      const eventId = await one.sendText(room, `read me, says ${one.userId}`);
      await other.until(
        (client) => client.room(room).timeline.some(({ event_id }) => event_id === eventId),
        deadline('the message'),
      );
      const path = [room, 'receipt', 'm.read', eventId].map(encodeURIComponent).join('/');
      await other.http.request('POST', `${API}/${path}`, {});
      await hears(one, room, 'm.receipt', `{"${eventId}":{"m.read":{"${other.userId}":`);
    }
  },
};

async function setTyping(who: MatrixClient, room: string, typing: boolean): Promise<void> {
  const path = [room, 'typing', who.userId].map(encodeURIComponent).join('/');
  await who.http.request('PUT', `${API}/${path}`, { typing, timeout: TYPING_MS });
}

/** Waits until the room has an ephemeral event of the type whose content says so. */
async function hears(
  listener: MatrixClient,
  room: string,
  type: string,
  said: string,
): Promise<void> {
  const until = deadline(`${type} with ${said}`);
  for (let since: string | undefined; ;) {
    const answer = await listener.sync({ since, timeout: 1_000 }, until.signal);
    const isFirst = since === undefined;
    since = answer.next_batch;
    const events = answer.rooms?.join?.[room]?.ephemeral?.events ?? [];
    const contents = events.filter((event) => event.type === type).map(({ content }) => content);
    if (contents.some((content) => JSON.stringify(content).includes(said))) return;
    // A first answer leaves the event out where nobody types.
    if (said === '[]' && isFirst && contents.length === 0) return;
  }
}
