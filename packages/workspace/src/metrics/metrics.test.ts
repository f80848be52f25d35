import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deadline,
  HttpSession,
  MatrixClient,
  TEST_PASSWORD,
  writeNetworkFiles,
} from '@hansa/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorkspace, type Workspace } from '../start-workspace.ts';

const NAMES = ['harbour.example', 'lighthouse.example'] as const;
/** Against a hang; no measure of speed. */
const PATIENCE = { timeout: 50_000 };
const environment = {
  HANSA_LOG_LEVEL: 'error',
  HANSA_METRICS_HOST: '127.0.0.1',
  HANSA_METRICS_PORT: '0',
};

let folder: string;
let begun: AsyncDisposableStack;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-metrics-'));
  begun = new AsyncDisposableStack();
  begun.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => begun.disposeAsync());

async function startBoth(): Promise<readonly [Workspace, Workspace]> {
  const [one, other] = await writeNetworkFiles({ folder, serverNames: NAMES });
  if (one === undefined || other === undefined) throw new Error('two were asked for');
  return [
    begun.use(await startWorkspace(one.configFile, { environment })),
    begun.use(await startWorkspace(other.configFile, { environment })),
  ];
}

/** Values by name and labels, such as `hansa_pdus_sent_total{result="accepted"}`. */
async function readMetrics({ metricsUrl }: Workspace): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(String(metricsUrl));
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await answer.text()).split('\n').filter((line) => /^\w/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))] as const;
    }),
  );
}

describe('metrics', () => {
  it('count requests, events, what goes to others and what comes from them', async () => {
    const [harbour, lighthouse] = await startBoth();
    const ada = await MatrixClient.register(harbour.clientUrl, 'ada', TEST_PASSWORD);
    const bela = await MatrixClient.register(lighthouse.clientUrl, 'bela', TEST_PASSWORD);
    const room = await ada.createRoom({ preset: 'public_chat', room_alias_name: 'market' });
    await bela.join('#market:harbour.example');
    const sent = await ada.sendText(room, 'Fresh fish!');
    await bela.until(
      () => bela.room(room).timeline.some(({ event_id }) => event_id === sent),
      deadline('the message'),
    );
    const missing = await new HttpSession(harbour.clientUrl).exchange('GET', '/no/such/path');
    expect(missing.status).toBe(404);

    const here = await readMetrics(harbour);
    const send = `method="PUT",route="/_matrix/client/v3/rooms/:roomId/send/:eventType/:txnId"`;
    expect(here.get(`hansa_http_request_seconds_count{${send},status="200"}`)).toBe(1);
    expect(
      here.get('hansa_http_request_seconds_count{method="GET",route="unknown",status="404"}'),
    ).toBe(1);
    // Those that make the room, the join and the message.
    expect(here.get('hansa_events_stored_total{verdict="accepted"}')).toBeGreaterThan(7);
    expect(here.get('hansa_pdus_sent_total{result="accepted"}')).toBeGreaterThan(0);
    expect(here.get('hansa_commit_seconds_count')).toBeGreaterThanOrEqual(5);
    expect(here.get('hansa_outbox_lanes{state="backing-off"}')).toBe(0);
    expect(here.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);

    const there = await readMetrics(lighthouse);
    expect(there.get('hansa_pdus_received_total{result="accepted"}')).toBeGreaterThan(0);
    expect([...here.keys()].join('\n')).not.toMatch(/ada|market|lighthouse/);
  });

  it('count what a dead server was not brought, and that it is left alone', async () => {
    const [harbour, lighthouse] = await startBoth();
    const ada = await MatrixClient.register(harbour.clientUrl, 'ada', TEST_PASSWORD);
    const bela = await MatrixClient.register(lighthouse.clientUrl, 'bela', TEST_PASSWORD);
    const room = await ada.createRoom({ preset: 'public_chat', room_alias_name: 'market' });
    await bela.join('#market:harbour.example');
    await lighthouse[Symbol.asyncDispose]();
    await ada.sendText(room, 'Fresh fish!');
    await expect
      .poll(
        async () => (await readMetrics(harbour)).get('hansa_outbox_lanes{state="backing-off"}'),
        PATIENCE,
      )
      .toBe(1);
    const here = await readMetrics(harbour);
    expect(here.get('hansa_pdus_sent_total{result="undelivered"}')).toBeGreaterThan(0);
  });

  it('count who waits for news', async () => {
    const [harbour] = await startBoth();
    const ada = await MatrixClient.register(harbour.clientUrl, 'ada', TEST_PASSWORD);
    await ada.createRoom({ preset: 'public_chat' });
    const waiters = async () => (await readMetrics(harbour)).get('hansa_sync_waiters');
    expect(await waiters()).toBe(0);
    const session = new HttpSession(harbour.clientUrl, ada.accessToken);
    const { next_batch: since } = await session.request('GET', '/_matrix/client/v3/sync');
    const hangUp = new AbortController();
    const waiting = session.request(
      'GET',
      `/_matrix/client/v3/sync?timeout=50000&since=${String(since)}`,
      undefined,
      hangUp.signal,
    );
    await expect.poll(waiters, PATIENCE).toBe(1);
    hangUp.abort();
    await expect(waiting).rejects.toThrow('abort');
    await expect.poll(waiters, PATIENCE).toBe(0);
  });

  it('are at one place alone, and at none unless asked for', async () => {
    const [harbour, lighthouse] = await startBoth();
    for (const [method, path, status] of [
      ['GET', '', 200],
      ['GET', '?x', 200],
      ['POST', '', 404],
      ['GET', '/more', 404],
    ] as const) {
      const answer = await fetch(`${String(harbour.metricsUrl)}${path}`, { method });
      expect(answer.status).toBe(status);
    }
    expect((await fetch(`${harbour.clientUrl}/metrics`)).status).toBe(404);
    await lighthouse[Symbol.asyncDispose]();
    const file = join(folder, NAMES[1], 'hansa.yaml');
    const without = begun.use(
      await startWorkspace(file, { environment: { HANSA_LOG_LEVEL: 'error' } }),
    );
    expect(without.metricsUrl).toBeUndefined();
  });
});
