import { createSigningKey, type ServerName } from '@hansa/protocol';
import type { OutgoingRequest } from '@hansa/net';
import { expect, it } from 'vitest';
import { expectRequestContract } from '../../federation-api/testing/contract.ts';
import { FederationHttp } from '../federation-http.ts';
import { queryPublicRooms } from './query-public-rooms.ts';

const THEIRS = 'theirs.test' as ServerName;

function peer(answer: unknown) {
  const requests: OutgoingRequest[] = [];
  const signingKey = createSigningKey('a', new Uint8Array(32).fill(7));
  const http = new FederationHttp({
    own: { serverName: 'ours.test' as ServerName, signingKey, retiredKeys: [] },
    transport: {
      async request(request) {
        requests.push(request);
        return { status: 200, headers: new Map(), body: Buffer.from(JSON.stringify(answer)) };
      },
    },
  });
  return { http, requests };
}

it('asks by a page and a filter, and takes only rooms, and of them only what they have', async () => {
  const { http, requests } = peer({
    chunk: [
      { room_id: '!a:b', num_joined_members: 2, guest_can_join: true, topic: 7, name: 'A', own: 1 },
      { room_id: 'none', num_joined_members: 2 },
      { room_id: '!b:b', num_joined_members: 'many' },
    ],
    next_batch: 'n',
    total_room_count_estimate: 3,
    own: 1,
  });
  const filter = { generic_search_term: 'x', room_types: [null, 'm.space'] };
  expect(await queryPublicRooms(http, THEIRS, { limit: 5_000, since: 's', filter })).toEqual({
    chunk: [
      {
        room_id: '!a:b',
        num_joined_members: 2,
        world_readable: false,
        guest_can_join: true,
        name: 'A',
      },
    ],
    next_batch: 'n',
    total_room_count_estimate: 3,
  });
  const [request] = requests;
  const path = '/_matrix/federation/v1/publicRooms';
  expect(request).toMatchObject({ server: THEIRS, method: 'POST', path });
  const body = JSON.parse(String(request?.body)) as unknown;
  expect(body).toEqual({ limit: 1_000, since: 's', filter });
  expectRequestContract({ method: 'POST', path, body });
});

it('refuses more rooms than a page may have', async () => {
  const room = { room_id: '!a:b', num_joined_members: 1 };
  const { http } = peer({ chunk: Array.from({ length: 1_001 }, () => room) });
  await expect(
    queryPublicRooms(http, THEIRS, { limit: 0, since: undefined }),
  ).rejects.toMatchObject({ name: 'RemoteServerError', transient: false });
});
