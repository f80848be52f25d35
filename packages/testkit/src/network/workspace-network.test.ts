import { findPostgres, PostgresCluster } from '@hansa/storage/testing/postgres-cluster';
import { describe, expect, it } from 'vitest';
import { deadline } from '../client/deadline.ts';
import type { MatrixClient } from '../client/matrix-client.ts';
import { WorkspaceNetwork } from './workspace-network.ts';

const programs = findPostgres();
const bodies = (client: MatrixClient, roomId: string) =>
  client
    .room(roomId)
    .timeline.filter(({ type }) => type === 'm.room.message')
    .map(({ content }) => content['body']);

const DATABASES = programs === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

async function startCluster(kind: string): Promise<PostgresCluster | undefined> {
  if (kind === 'SQLite' || programs === undefined) return undefined;
  return PostgresCluster.start(programs);
}

describe('two workspaces', () => {
  it.each(['10', '11', '12'])('share a public room of version %s', async (defaultRoomVersion) => {
    await using network = await WorkspaceNetwork.create({ servers: 2, defaultRoomVersion });
    const [alice, bob] = await network.people('alice', 'bob');
    const roomId = await alice.createRoom({ preset: 'public_chat', room_alias_name: 'harbour' });
    await bob.join('#harbour:s1.test');
    await alice.sendText(roomId, 'from alice');
    await bob.until(() => bodies(bob, roomId).includes('from alice'), deadline('alice’s message'));
    await bob.sendText(roomId, 'from bob');
    await alice.until(() => bodies(alice, roomId).includes('from bob'), deadline('bob’s message'));
    const stateOf = async (client: MatrixClient) =>
      (await client.state(roomId)).map(({ event_id: eventId }) => eventId);
    expect(await stateOf(alice)).toEqual(await stateOf(bob));
  });

  it('find each other by DNS', async () => {
    await using network = await WorkspaceNetwork.create({ servers: 2, foundBy: 'dns' });
    const [alice, bob] = await network.people('alice', 'bob');
    const roomId = await alice.createRoom({ preset: 'public_chat', room_alias_name: 'harbour' });
    await bob.join('#harbour:s1.test');
    await alice.sendText(roomId, 'from alice');
    await bob.until(() => bodies(bob, roomId).includes('from alice'), deadline('alice’s message'));
  });

  it.each(DATABASES)(
    'lose nothing that was said while one of them was stopped, on %s',
    async (kind) => {
      await using cluster = await startCluster(kind);
      const databases = cluster && [await cluster.createDatabase(), await cluster.createDatabase()];
      await using network = await WorkspaceNetwork.create({
        servers: 2,
        ...(databases && { databases }),
      });
      const [alice, bob] = await network.people('alice', 'bob');
      const roomId = await alice.createRoom({ preset: 'private_chat', invite: [bob.userId] });
      await bob.until(() => bob.invites.has(roomId), deadline('the invite'));
      await bob.join(roomId, ['s1.test']);
      await network.server(1).stop();
      const said = Array.from({ length: 60 }, (_, index) => `message ${index}`);
      for (const body of said) await alice.sendText(roomId, body);
      await network.server(1).resume();
      await bob.until(() => bodies(bob, roomId).length >= said.length, deadline('all messages'));
      expect(bodies(bob, roomId)).toEqual(said);
    },
  );
});
