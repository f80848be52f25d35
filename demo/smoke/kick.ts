import { deadline, type Latencies, type MatrixClient } from '@hansa/testkit';

interface Kick {
  readonly room: string;
  readonly moderator: MatrixClient;
  readonly kicked: MatrixClient;
  /** Stays in the room, at the server of the kicked. */
  readonly witness: MatrixClient;
}

/** Somebody at the other server is put out; what is said afterwards reaches the others there, and not them. */
export async function kick(
  { room, moderator, kicked, witness }: Kick,
  latencies: Latencies,
): Promise<void> {
  const sentAt = performance.now();
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/kick`;
  await moderator.http.request('POST', path, { user_id: kicked.userId });
  await kicked.until(
    (client) => client.room(room).membership(kicked.userId) === 'leave',
    deadline('the kick'),
  );
  latencies.add(performance.now() - sentAt);
  const afterwards = await moderator.sendText(room, 'among ourselves');
  await witness.until(
    (client) => client.room(room).timeline.some(({ event_id }) => event_id === afterwards),
    deadline('what was said afterwards'),
  );
  await kicked.syncOnce(0);
  if (kicked.room(room).timeline.some(({ event_id }) => event_id === afterwards)) {
    throw new Error('a message reached somebody who had been kicked');
  }
}
