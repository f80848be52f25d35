import { pageBack, requireSame, type MatrixClient } from '@hansa/testkit';

/** The servers of the two answer the same events as the room's state, and as its history from the first one on. */
export async function holdTheSame(
  room: string,
  one: MatrixClient,
  other: MatrixClient,
): Promise<void> {
  const ids = (events: readonly { readonly event_id: string }[]) =>
    events.map(({ event_id }) => event_id);
  requireSame('the state', ids(await other.state(room)), ids(await one.state(room)));
  requireSame('the history', ids(await pageBack(other, room)), ids(await pageBack(one, room)));
}
