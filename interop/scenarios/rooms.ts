import { ClientError, deadline, type MatrixClient } from '@hansa/testkit';
import type { Stage } from './scenario.ts';

/** A public room of the host, joined by the guest by its alias. */
export async function sharedPublicRoom(stage: Stage): Promise<string> {
  const { home, host, guest, tag, roomVersion } = stage;
  const room = await host.createRoom({
    preset: 'public_chat',
    room_alias_name: `public-${tag}`,
    name: `Public ${tag}`,
    room_version: roomVersion,
  });
  await guest.join(`#public-${tag}:${home.serverName}`);
  await seesMembership(host, room, guest.userId, 'join');
  await seesMembership(guest, room, host.userId, 'join');
  return room;
}

/** A private room of the host, to which the guest was invited. */
export async function sharedPrivateRoom({ host, guest, tag, roomVersion }: Stage): Promise<string> {
  const room = await host.createRoom({
    preset: 'private_chat',
    name: `Private ${tag}`,
    room_version: roomVersion,
    invite: [guest.userId],
  });
  await guest.until((client) => client.invites.has(room), deadline('the invite'));
  await guest.join(room);
  await seesMembership(host, room, guest.userId, 'join');
  return room;
}

export async function seesMembership(
  viewer: MatrixClient,
  room: string,
  userId: string,
  membership: string,
): Promise<void> {
  await viewer.until(
    (client) => client.room(room).membership(userId) === membership,
    deadline(`${userId} with membership ${membership}`),
  );
}

/** Each says something and the other hears it, once and in order. */
export async function talk(
  room: string,
  people: readonly [MatrixClient, MatrixClient],
  topic: string,
): Promise<void> {
  const [one, other] = people;
  for (const [speaker, listener] of [[one, other] as const, [other, one] as const]) {
    const bodies = [1, 2, 3].map((n) => `${topic} ${n} from ${speaker.userId}`);
    for (const body of bodies) await speaker.sendText(room, body);
    const heard = () =>
      listener
        .room(room)
        .bodies()
        .filter((body) => bodies.includes(String(body)));
    await listener.until(() => heard().length >= bodies.length, deadline(bodies.join(', ')));
    if (JSON.stringify(heard()) !== JSON.stringify(bodies)) {
      throw new Error(`${listener.userId} heard ${JSON.stringify(heard())}`);
    }
  }
}

/** Fails unless the server refuses, as something that the caller may not do. */
export async function isForbidden(what: string, attempt: Promise<unknown>): Promise<void> {
  const refusal = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(refusal instanceof ClientError) || refusal.status !== 403) {
    throw new Error(`${what} was not forbidden: ${String(refusal)}`, { cause: refusal });
  }
}

/** Both servers answer the same events as the room's state; what differs is told by type and key. */
export async function agreeOnState(
  room: string,
  one: MatrixClient,
  other: MatrixClient,
): Promise<void> {
  const until = deadline('the same state on both servers');
  for (;;) {
    const difference = await stateDifference(room, one, other);
    if (difference.length === 0) return;
    if (until.signal.aborted) throw new Error(`the servers differ in ${difference.join(', ')}`);
    await Promise.all([one.syncOnce(250), other.syncOnce(250)]);
  }
}

async function stateDifference(
  room: string,
  one: MatrixClient,
  other: MatrixClient,
): Promise<readonly string[]> {
  const describe = async (client: MatrixClient) => {
    const state = await client.state(room);
    return state.map(({ type, state_key, event_id }) => `${type} ${state_key} = ${event_id}`);
  };
  const [mine, theirs] = await Promise.all([describe(one), describe(other)]);
  return [...new Set(mine).symmetricDifference(new Set(theirs))];
}
