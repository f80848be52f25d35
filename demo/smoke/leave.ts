import { deadline, type Latencies, type MatrixClient } from '@hansa/testkit';

interface Leave {
  readonly room: string;
  readonly leaver: MatrixClient;
  /** Stays in the room, at another server than that of the leaver. */
  readonly remaining: MatrixClient;
  /** A room that both stay in. */
  readonly elsewhere: string;
}

/** Who leaves is seen to leave at the other server, and gets nothing more of the room. */
export async function leave(
  { room, leaver, remaining, elsewhere }: Leave,
  latencies: Latencies,
): Promise<void> {
  const leftAt = performance.now();
  await leaver.leave(room);
  await remaining.until(
    (client) => client.room(room).membership(leaver.userId) === 'leave',
    deadline('the leave'),
  );
  latencies.add(performance.now() - leftAt);
  const afterwards = await remaining.sendText(room, 'to myself');
  const last = await remaining.sendText(elsewhere, 'the last word');
  await leaver.until(
    (client) => client.room(elsewhere).timeline.some(({ event_id }) => event_id === last),
    deadline('the last word'),
  );
  if (leaver.room(room).timeline.some(({ event_id }) => event_id === afterwards)) {
    throw new Error('a message reached somebody who had left');
  }
}
