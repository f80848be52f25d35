import { isDeepStrictEqual } from 'node:util';
import { deadline, describeDifference, type MatrixClient } from '@hansa/testkit';
import type { ClientEvent } from '@hansa/protocol/wire';

/** How long an answer that has not come is left alone, while the person syncs. */
const PAUSE_MS = 100;

/** Waits until what `/sync` has shown the viewer is the expected. A failure tells what it was last. */
export async function sees(
  viewer: MatrixClient,
  what: string,
  look: (viewer: MatrixClient) => unknown,
  expected: unknown,
): Promise<void> {
  let last: unknown;
  const until = {
    signal: deadline(what).signal,
    get what() {
      return describeDifference(what, last, expected);
    },
  };
  await viewer.until(() => {
    last = look(viewer);
    return isDeepStrictEqual(last, expected);
  }, until);
}

/** The same of what a server answers; who asks, asks again. */
export async function answers(
  viewer: MatrixClient,
  what: string,
  ask: () => Promise<unknown>,
  expected: unknown,
): Promise<void> {
  const { signal } = deadline(what);
  for (;;) {
    const answer = await ask();
    if (isDeepStrictEqual(answer, expected)) return;
    if (signal.aborted) {
      throw new Error(`${viewer.userId} never got ${describeDifference(what, answer, expected)}`);
    }
    await viewer.syncOnce(PAUSE_MS);
  }
}

/** Waits for the event in the viewer's timeline. A failure tells what came last. */
export async function hears(
  viewer: MatrixClient,
  room: string,
  eventId: string,
): Promise<ClientEvent> {
  const find = () => viewer.room(room).timeline.find(({ event_id }) => event_id === eventId);
  const until = {
    signal: deadline(eventId).signal,
    get what() {
      const last = viewer.room(room).timeline.at(-1);
      return `the event ${eventId}; the last that came is ${JSON.stringify(last)}`;
    },
  };
  await viewer.until(() => find() !== undefined, until);
  const event = find();
  if (event === undefined) throw new Error(`${eventId} is gone`);
  return event;
}

export function seesMembership(
  viewer: MatrixClient,
  room: string,
  userId: string,
  membership: string,
): Promise<void> {
  const look = () => viewer.room(room).membership(userId);
  return sees(viewer, `the membership of ${userId}`, look, membership);
}

export function seesInvite(viewer: MatrixClient, room: string): Promise<void> {
  return sees(viewer, `an invite to ${room}`, () => viewer.invites.has(room), true);
}

export function seesState(
  viewer: MatrixClient,
  room: string,
  type: string,
  content: object,
): Promise<void> {
  return sees(viewer, type, () => viewer.room(room).state(type)?.content, content);
}
