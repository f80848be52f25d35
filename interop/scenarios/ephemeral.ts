import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@hansa/protocol/wire';
import { deadline, type MatrixClient } from '@hansa/testkit';

const TYPING_MS = 20_000;

export type Ephemeral = readonly { readonly type: string; readonly content: JsonObject }[];

export async function setTyping(who: MatrixClient, room: string, typing: boolean): Promise<void> {
  const path = [room, 'typing', who.userId].map(encodeURIComponent).join('/');
  const url = `/_matrix/client/v3/rooms/${path}`;
  await who.http.request('PUT', url, { typing, timeout: TYPING_MS });
}

/** `undefined`: nothing is said of them. */
export function typers(events: Ephemeral): unknown {
  return events.findLast(({ type }) => type === 'm.typing')?.content['user_ids'];
}

interface Told {
  /** In words, for the failure. */
  readonly what: string;
  readonly look: (events: Ephemeral) => unknown;
  readonly expected: unknown;
}

/** Waits until the room's ephemeral events of one answer say so. */
export async function isTold(
  listener: MatrixClient,
  room: string,
  { what, look, expected }: Told,
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
