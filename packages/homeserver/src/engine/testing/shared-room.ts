import type { RoomId } from '@hansa/protocol';
import { expect } from 'vitest';
import { roomCreation, stateOf } from './rooms.ts';
import type { TestNetwork } from './test-network.ts';
import type { TestServer } from './test-server.ts';

/** A room of alice's that one user of each other server has joined, one after the other. */
export async function sharedRoom(
  network: TestNetwork,
  one: TestServer,
  others: readonly (readonly [server: TestServer, localpart: string])[],
  options: Parameters<typeof roomCreation>[1] = {},
): Promise<RoomId> {
  const roomId = await one.engine.createRoom(roomCreation(one.user('alice'), options));
  for (const [server, localpart] of others) {
    await join(server, roomId, localpart, one);
    await network.settle();
  }
  return roomId;
}

/** Joins by way of a server, and brings a display name along. */
export async function join(
  server: TestServer,
  roomId: RoomId,
  localpart: string,
  via: TestServer,
): Promise<void> {
  await server.engine.join({
    roomId,
    userId: server.user(localpart),
    via: [via.name],
    content: { displayname: localpart },
  });
}

export function leave(server: TestServer, roomId: RoomId, localpart: string): Promise<void> {
  return server.engine.leave({ roomId, userId: server.user(localpart), content: {} });
}

export async function expectSameRoom(
  roomId: RoomId,
  servers: readonly TestServer[],
): Promise<void> {
  const states = await Promise.all(servers.map((server) => stateOf(server, roomId)));
  for (const state of states) expect(state).toEqual(states[0]);
}

export function refusedWith(errcode: string): unknown {
  return expect.objectContaining({ name: 'MatrixError', errcode });
}
