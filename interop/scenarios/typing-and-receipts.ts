import { deadline, type MatrixClient } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { hears } from './sees.ts';

const API = '/_matrix/client/v3/rooms';
const TYPING_MS = 20_000;

export const typingAndReceipts: Scenario = {
  title: 'typing notices and read receipts both ways',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [one, other] of [[host, guest] as const, [guest, host] as const]) {
      await setTyping(one, room, true);
      await isTold(other, room, 'm.typing', `["${one.userId}"]`);
      await setTyping(one, room, false);
      await isTold(other, room, 'm.typing', '[]');
      const eventId = await one.sendText(room, `read me, says ${one.userId}`);
      await hears(other, room, eventId);
      const path = [room, 'receipt', 'm.read', eventId].map(encodeURIComponent).join('/');
      await other.http.request('POST', `${API}/${path}`, {});
      await isTold(one, room, 'm.receipt', `{"${eventId}":{"m.read":{"${other.userId}":`);
    }
  },
};

async function setTyping(who: MatrixClient, room: string, typing: boolean): Promise<void> {
  const path = [room, 'typing', who.userId].map(encodeURIComponent).join('/');
  await who.http.request('PUT', `${API}/${path}`, { typing, timeout: TYPING_MS });
}

/** Waits until the room has an ephemeral event of the type whose content says so. */
async function isTold(
  listener: MatrixClient,
  room: string,
  type: string,
  said: string,
): Promise<void> {
  const { signal } = deadline(type);
  let last: unknown;
  for (let since: string | undefined; ;) {
    const answer = await listener.sync({ since, timeout: 1_000 });
    const isFirst = since === undefined;
    since = answer.next_batch;
    const events = answer.rooms?.join?.[room]?.ephemeral?.events ?? [];
    const contents = events.filter((event) => event.type === type).map(({ content }) => content);
    if (contents.some((content) => JSON.stringify(content).includes(said))) return;
    // A first answer leaves the event out where nobody types.
    if (said === '[]' && isFirst && contents.length === 0) return;
    last = contents.at(-1) ?? last;
    if (signal.aborted) {
      const told = JSON.stringify(last);
      throw new Error(`${listener.userId} never had ${type} with ${said}; the last was ${told}`);
    }
  }
}
