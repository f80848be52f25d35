import { Follower, deadline, requireSame, type Latencies, type MatrixClient } from '@hansa/testkit';

export interface Sent {
  readonly count: number;
  readonly from: MatrixClient;
  readonly to: MatrixClient;
  readonly room: string;
}

/** One message after another, each when the one before is visible; all arrive, once and in order. */
export async function converse(
  { count, from, to, room }: Sent,
  latencies: Latencies,
): Promise<void> {
  await using follower = new Follower(to);
  const eventIds: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const sentAt = performance.now();
    const eventId = await from.sendText(room, `${from.userId} says ${n}`);
    latencies.add((await follower.seen(eventId, deadline(`message ${n}`))) - sentAt);
    eventIds.push(eventId);
  }
  const sent = new Set(eventIds);
  const seen = to.room(room).timeline.map(({ event_id }) => event_id);
  requireSame(
    `what ${to.userId} saw`,
    seen.filter((eventId) => sent.has(eventId)),
    eventIds,
  );
}
