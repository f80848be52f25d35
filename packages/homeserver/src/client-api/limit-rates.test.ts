import { VirtualEffects } from '@hansa/testkit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route, UncheckedCall } from '../http/index.ts';
import { LIMITED_READS, limitRates, nameOf } from './limit-rates.ts';
import { declaredRoutes } from './testing/declared-routes.ts';

const table = join(process.env['HANSA_CONTRACT'] ?? '', 'out/endpoints.tsv');

it.skipIf(!existsSync(table))('limits what the specification says to limit of what is read', () => {
  const rows = readFileSync(table, 'utf8')
    .split('\n')
    .map((row) => row.split('\t'));
  const limited = rows.filter(
    (row) => row[0] === 'client-server' && row[1] === 'GET' && row[6] === 'y',
  );
  const served = new Set(declaredRoutes().map(nameOf));
  const names = limited.map(([, method, path]) => `${method} ${path}`);
  expect(new Set(names.filter((name) => served.has(name)))).toEqual(LIMITED_READS);
});

/** Two calls a second; sending a message is limited, syncing is not. */
function setUp(perSecond = 2) {
  const effects = new VirtualEffects();
  const handled: string[] = [];
  const table = [
    { method: 'PUT', path: '/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}' },
    { method: 'GET', path: '/_matrix/client/v3/sync' },
    { method: 'GET', path: '/_matrix/client/v1/media/download/{serverName}/{mediaId}' },
  ].map((route) => ({
    ...route,
    handle: async ({ requestId }: UncheckedCall) => {
      handled.push(requestId);
      return {};
    },
  })) as unknown as Route[];
  const [send, sync, download] = limitRates(table, { clock: effects.clock, perSecond });
  const call = (route: Route | undefined, userId: string | undefined, remoteAddress = '10.0.0.1') =>
    route?.handle({
      ...(userId === undefined ? {} : { session: { userId } }),
      remoteAddress,
      requestId: userId ?? remoteAddress,
    } as UncheckedCall);
  const sendAs = (userId: string | undefined, address?: string) => call(send, userId, address);
  const syncAs = (userId: string) => call(sync, userId);
  const downloadAs = (userId: string) => call(download, userId);
  const spend = async (userId: string | undefined, address?: string) => {
    for (let calls = 0; calls < 20; calls += 1) await sendAs(userId, address);
  };
  return { effects, handled, sendAs, syncAs, downloadAs, spend };
}

describe('who calls too often', () => {
  it('is refused, told for how long, and served again then', async () => {
    const { effects, handled, sendAs, spend } = setUp();
    await spend('@ada:a.example');
    const refused = { status: 429, errcode: 'M_LIMIT_EXCEEDED', fields: { retry_after_ms: 500 } };
    await expect(sendAs('@ada:a.example')).rejects.toMatchObject(refused);
    await effects.advance(499);
    await expect(sendAs('@ada:a.example')).rejects.toMatchObject({ fields: { retry_after_ms: 1 } });
    await effects.advance(1);
    await sendAs('@ada:a.example');
    expect(handled).toHaveLength(21);
  });

  it('keeps nobody else from calling, nor from hearing what is new', async () => {
    const { sendAs, syncAs, spend } = setUp();
    await spend('@ada:a.example');
    await sendAs('@bela:a.example');
    await syncAs('@ada:a.example');
  });

  it('is told apart by address where nobody is known, an IPv6 one by its network', async () => {
    const { sendAs, spend } = setUp();
    await spend(undefined, '2001:db8::1');
    await expect(sendAs(undefined, '2001:db8::2')).rejects.toMatchObject({ status: 429 });
    await sendAs(undefined, '2001:db8:0:1::1');
    await sendAs(undefined, '10.0.0.1');
  });

  it('may read ten files for each call', async () => {
    const { handled, downloadAs, sendAs } = setUp();
    for (let files = 0; files < 200; files += 1) await downloadAs('@ada:a.example');
    for (const again of [downloadAs, sendAs]) {
      await expect(again('@ada:a.example')).rejects.toMatchObject({ status: 429 });
    }
    expect(handled).toHaveLength(200);
  });

  it('may, where there is no limit', async () => {
    const { handled, sendAs, spend } = setUp(0);
    await spend('@ada:a.example');
    await sendAs('@ada:a.example');
    expect(handled).toHaveLength(21);
  });
});
