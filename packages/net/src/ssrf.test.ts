import type { ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { fetchWellKnown } from './discovery/fetch-well-known.ts';
import type { Exchange } from './discovery/fetch-well-known.ts';
import { ServerDiscovery } from './discovery/server-discovery.ts';
import { ServiceTargets } from './discovery/service-targets.ts';
import { DnsError } from './dns/dns-error.ts';
import { HttpsClient } from './https-client.ts';
import { ServerTransport } from './server-transport.ts';
import { connectorIn } from './testing/fake-connections.ts';

/** What only we can reach, in each of the forms in which an address can be written or carried. */
const INSIDE = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'this host': ['0.0.0.0', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'shared by a provider': ['100.64.0.1', '100.127.255.255'],
  'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%lo', 'febf::1'],
  'metadata of a cloud': ['169.254.169.254', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'],
  'unique local': ['fc00::1', 'fd12:3456:789a::1'],
  'site-local': ['fec0::1'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.1.2.3', '::ffff:169.254.169.254'],
  'IPv4-compatible': ['::127.0.0.1', '::10.0.0.1'],
  'IPv4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:a00:1'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '2002:a9fe:a9fe::'],
  NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::10.0.0.1'],
  Teredo: ['2001::1', '2001:0:7f00:1::', '2001:0:4136:e378:8000:63bf:80ff:fffe'],
  'for protocols': ['192.0.0.8', '198.18.0.1', '2001:2::1', '2001:10::1', '2001:20::1'],
  'for documents': ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'for many': ['224.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1'],
  'not assigned': ['240.0.0.1', '100::1', '5f00::1', '4000::1'],
} as const;

const EACH = Object.entries(INSIDE).flatMap(([kind, addresses]) =>
  addresses.map((address): [string, string] => [kind, address]),
);

/** A zone stands in no server name and in no URL. */
const WRITABLE = EACH.filter(([, address]) => !address.includes('%'));

const PUBLIC = '8.8.8.8';

/** A transport to which names and services lead as given; what was opened on the way. */
function transportIn(world: {
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly delegate?: string;
  readonly service?: string;
}) {
  const { connector, effects, opened } = connectorIn({
    addresses: { 'a.test': [PUBLIC], ...world.addresses },
  });
  const https = new HttpsClient({ connector, timers: effects.timers });
  const services = new ServiceTargets({
    resolveServices: async () => {
      if (world.service === undefined) throw new DnsError('nothing', 'no records');
      return [{ target: world.service, port: 443, priority: 0, weight: 0 }];
    },
  });
  const delegate = world.delegate as ServerName | undefined;
  const wellKnown = { findDelegate: async () => ({ delegate, fault: 'status 404' }) };
  const discovery = new ServerDiscovery({ wellKnown, services, staticHosts: new Map() });
  const { clock } = effects;
  const transport = new ServerTransport({ discovery, https, streams: https, clock });
  return { transport, https, effects, opened };
}

async function refusal({ transport }: ReturnType<typeof transportIn>, server: string) {
  const limits = { maxBytes: 1_000, timeoutMs: 1_000 };
  const request = { server: server as ServerName, method: 'GET', path: '/', headers: {} } as const;
  return await transport.request({ ...request, limits }).then(
    () => 'no refusal',
    (error: unknown) => error,
  );
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
const BLOCKED = {
  reachable: false,
  transient: false,
  message: expect.stringContaining('federation.allowedRanges'),
};

describe('[SEC-37] nobody leads us to an address that is', () => {
  it.each(EACH)('%s: %s, by its name', async (_kind, address) => {
    const world = transportIn({ addresses: { 'evil.test': [address] } });
    expect(await refusal(world, 'evil.test')).toMatchObject(BLOCKED);
    expect(world.opened).toEqual([]);
  });

  it.each(WRITABLE)('%s: %s, written as a server name', async (_kind, address) => {
    const world = transportIn({});
    expect(await refusal(world, `${bracketed(address)}:443`)).toMatchObject(BLOCKED);
    expect(world.opened).toEqual([]);
  });

  it.each(EACH)('%s: %s, by a delegation', async (_kind, address) => {
    const world = transportIn({
      addresses: { 'evil.test': [address] },
      delegate: 'evil.test:443',
    });
    expect(await refusal(world, 'a.test')).toMatchObject(BLOCKED);
    expect(world.opened).toEqual([]);
  });

  it.each(EACH)('%s: %s, by an SRV record', async (_kind, address) => {
    for (const service of ['evil.test', address]) {
      const world = transportIn({ addresses: { 'evil.test': [address] }, service });
      expect(await refusal(world, 'a.test')).toMatchObject(BLOCKED);
      expect(world.opened).toEqual([]);
    }
  });

  it.each(WRITABLE)('%s: %s, by a redirect', async (_kind, address) => {
    for (const host of ['evil.test', bracketed(address)]) {
      const { https, effects, opened } = transportIn({ addresses: { 'evil.test': [address] } });
      const exchange: Exchange = async (endpoint, request) => {
        if (endpoint.tlsName !== 'a.test') return await https.exchange(endpoint, request);
        const headers = new Map([['location', `https://${host}/`]]);
        return { status: 302, headers, body: new Uint8Array() };
      };
      const asked = fetchWellKnown({ exchange, clock: effects.clock }, 'a.test');
      await expect(asked).rejects.toMatchObject({ kind: 'blocked' });
      expect(opened).toEqual([]);
    }
  });
});

it('[SEC-37] connects to the address that was checked, whatever the name says a moment later', async () => {
  const answers = [[PUBLIC, '127.0.0.1'], ['127.0.0.1']];
  const addresses = {
    get 'evil.test'() {
      return answers.shift() ?? ['127.0.0.1'];
    },
  };
  const world = transportIn({ addresses });
  await refusal(world, 'evil.test:443');
  expect(world.opened).toEqual([`${PUBLIC} 443`]);
});
