import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@hansa/protocol/wire';
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
      await isTold(other, room, `that ${one.userId} types`, typers, [one.userId]);
      await setTyping(one, room, false);
      await isTold(other, room, 'that nobody types', typers, []);
      const eventId = await one.sendText(room, `read me, says ${one.userId}`);
      await hears(other, room, eventId);
      const path = [room, 'receipt', 'm.read', eventId].map(encodeURIComponent).join('/');
      await other.http.request('POST', `${API}/${path}`, {});
      const hasRead = (events: Ephemeral) =>
        events.some(({ type, content }) => {
          const receipts = content[eventId] as Receipts | undefined;
          return type === 'm.receipt' && receipts?.['m.read']?.[other.userId] !== undefined;
        });
      await isTold(one, room, `that ${other.userId} has read it`, hasRead, true);
    }
  },
};

async function setTyping(who: MatrixClient, room: string, typing: boolean): Promise<void> {
  const path = [room, 'typing', who.userId].map(encodeURIComponent).join('/');
  await who.http.request('PUT', `${API}/${path}`, { typing, timeout: TYPING_MS });
}

type Ephemeral = readonly { readonly type: string; readonly content: JsonObject }[];
type Receipts = { readonly 'm.read'?: Readonly<Record<string, unknown>> };

/** `undefined`: nothing is said of them. */
function typers(events: Ephemeral): unknown {
  return events.findLast(({ type }) => type === 'm.typing')?.content['user_ids'];
}

/** Waits until the room's ephemeral events of one answer say so. */
async function isTold(
  listener: MatrixClient,
  room: string,
  what: string,
  look: (events: Ephemeral) => unknown,
  expected: unknown,
): Promise<void> {
  const { signal } = deadline(what);
  const told: Ephemeral[] = [];
  for (let since: string | undefined; !signal.aborted;) {
    const isFirst = since === undefined;
    const answer = await listener.sync({ since, timeout: 1_000 });
    since = answer.next_batch;
    const events = answer.rooms?.join?.[room]?.ephemeral?.events ?? [];
    const seen = look(events);
    if (isDeepStrictEqual(seen, expected)) return;
    // A first answer leaves the event out where nobody types.
    if (isFirst && seen === undefined && isDeepStrictEqual(expected, [])) return;
    if (events.length > 0) told.push(events);
  }
  throw new Error(`${listener.userId} was never told ${what}; only ${JSON.stringify(told)}`);
}
