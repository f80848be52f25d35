import { expect, it } from 'vitest';
import { soleTarget } from './endpoint.ts';
import { HttpsClient } from './https-client.ts';
import { connectorIn } from './testing/fake-connections.ts';
import type { Fate } from './testing/fake-connections.ts';

const SERVERS = Array.from({ length: 50 }, (_, at) => `8.8.4.${at}`);
const SECOND = 1_000;

/** A client of servers that all fare alike; one request to each of them, and how many were connected to for it. */
function clientOf(servers: readonly string[]) {
  const fates: Record<string, Fate> = {};
  const { connector, effects, opened } = connectorIn({ fates });
  const client = new HttpsClient({ connector, timers: effects.timers });
  const setFate = (fate: Fate): void => {
    for (const server of servers) fates[server] = fate;
  };
  const askAll = async () => {
    opened.length = 0;
    const asked = servers.map((server) =>
      client
        .exchange(
          { targets: [soleTarget(server, 443)], tlsName: server, hostHeader: server },
          {
            method: 'GET',
            path: '/',
            headers: {},
            limits: { maxBytes: 1, timeoutMs: 30 * SECOND },
          },
        )
        .catch((error: unknown) => error),
    );
    await effects.advance(0);
    const { length } = opened;
    return { begun: length, outcome: Promise.all(asked) };
  };
  return { client, effects, setFate, askAll };
}

it('asks those that failed last time a few at a time', async () => {
  const { client, effects, setFate, askAll } = clientOf(SERVERS);
  setFate('refuses');
  const first = await askAll();
  expect(first.begun).toBe(SERVERS.length);
  const [failure] = await first.outcome;
  expect(failure).toMatchObject({ kind: 'unreachable' });
  setFate('is silent');
  const second = await askAll();
  expect(second.begun).toBe(30);
  await effects.advance(30 * SECOND);
  await second.outcome;
  await client.close();
});

it('asks those that were silent last time a few at a time', async () => {
  const { client, effects, setFate, askAll } = clientOf(SERVERS);
  setFate('is silent');
  const first = await askAll();
  expect(first.begun).toBe(SERVERS.length);
  await effects.advance(30 * SECOND);
  await first.outcome;
  const second = await askAll();
  expect(second.begun).toBe(30);
  await effects.advance(30 * SECOND);
  await second.outcome;
  await client.close();
});
