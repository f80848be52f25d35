import { ClientError, deadline, type MatrixClient } from '@hansa/testkit';
import type { Stage } from './scenario.ts';
import { seesInvite, seesMembership, seesState } from './sees.ts';

/** Between two looks at what has to become the same. */
const PAUSE_MS = 250;

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
  await seesInvite(guest, room);
  await guest.join(room);
  await seesMembership(host, room, guest.userId, 'join');
  return room;
}

/** Changes the membership of somebody else. */
export async function moderate(
  moderator: MatrixClient,
  verb: 'kick' | 'ban' | 'unban',
  room: string,
  userId: string,
): Promise<void> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${verb}`;
  await moderator.http.request('POST', path, { user_id: userId });
}

/** Gives somebody a power level, and waits until they have seen it. */
export async function promote(
  moderator: MatrixClient,
  room: string,
  somebody: MatrixClient,
  level: number,
): Promise<void> {
  const type = 'm.room.power_levels';
  const levels = (await moderator.state(room)).find((event) => event.type === type)?.content;
  const users = { ...(levels?.['users'] as object), [somebody.userId]: level };
  const content = { ...levels, users };
  await moderator.setState(room, type, content);
  await seesState(somebody, room, type, content);
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

/** All servers answer the same events as the room's state; what differs is told by type and key. */
export async function agreeOnState(
  room: string,
  ...people: readonly MatrixClient[]
): Promise<void> {
  const { signal } = deadline('the same state on all servers');
  for (;;) {
    const states = await Promise.all(people.map((person) => describeState(room, person)));
    const everywhere = states.reduce((one, other) => one.intersection(other));
    const differences = [...states.reduce((one, other) => one.union(other)).difference(everywhere)];
    if (differences.length === 0) return;
    if (signal.aborted) throw new Error(`the servers still differ in ${differences.join(', ')}`);
    await Promise.all(people.map((person) => person.syncOnce(PAUSE_MS)));
  }
}

async function describeState(room: string, person: MatrixClient): Promise<ReadonlySet<string>> {
  const state = await person.state(room);
  return new Set(
    state.map(({ type, state_key, event_id }) => `${type} ${state_key} = ${event_id}`),
  );
}
