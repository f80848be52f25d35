import type { ServerName } from '@hansa/protocol';
import { TestCa, TestDns } from '@hansa/testkit';
import type { TestRecord, TlsIdentity } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTransport } from '../create-transport.ts';
import { systemEffects } from '../system-effects.ts';
import { FederatedHost } from '../testing/federated-host.ts';
import type { Seen } from '../testing/federated-host.ts';

/** Hosts that there are; `never.test`, to which what is not to be followed leads, is none. */
const NAMES = ['a.test', 'b.test', 'c.test'];
const ADDRESS = '127.0.0.1';

interface Row {
  readonly server: string;
  /** Of a.test. */
  readonly delegate?: string;
  /** Where a service is, at the port `other`; its name is without `._tcp`. */
  readonly services?: Readonly<Record<string, string>>;
  readonly reached: Seen;
  /** The one name that the certificate is for. */
  readonly certificate: string;
}

const NEVER = 'never.test';

/** By the steps of the server-server API, "Resolving server names". */
const ROWS: Readonly<Record<string, Row>> = {
  '1': {
    server: ADDRESS,
    reached: { at: 'default', sni: false, host: ADDRESS },
    certificate: ADDRESS,
  },
  '1, with a port': {
    server: `${ADDRESS}:other`,
    reached: { at: 'other', sni: false, host: `${ADDRESS}:other` },
    certificate: ADDRESS,
  },
  '2': {
    server: 'a.test:other',
    delegate: NEVER,
    services: { '_matrix-fed.a.test': NEVER },
    reached: { at: 'other', sni: 'a.test', host: 'a.test:other' },
    certificate: 'a.test',
  },
  '3.1': {
    server: 'a.test',
    delegate: ADDRESS,
    reached: { at: 'default', sni: false, host: ADDRESS },
    certificate: ADDRESS,
  },
  '3.1, with a port': {
    server: 'a.test',
    delegate: `${ADDRESS}:other`,
    reached: { at: 'other', sni: false, host: `${ADDRESS}:other` },
    certificate: ADDRESS,
  },
  '3.2': {
    server: 'a.test',
    delegate: 'b.test:other',
    services: { '_matrix-fed.b.test': NEVER },
    reached: { at: 'other', sni: 'b.test', host: 'b.test:other' },
    certificate: 'b.test',
  },
  '3.3': {
    server: 'a.test',
    delegate: 'b.test',
    services: { '_matrix-fed.b.test': 'c.test', '_matrix.b.test': NEVER },
    reached: { at: 'other', sni: 'b.test', host: 'b.test' },
    certificate: 'b.test',
  },
  '3.4': {
    server: 'a.test',
    delegate: 'b.test',
    services: { '_matrix.b.test': 'c.test', '_matrix-fed.a.test': NEVER },
    reached: { at: 'other', sni: 'b.test', host: 'b.test' },
    certificate: 'b.test',
  },
  '3.5': {
    server: 'a.test',
    delegate: 'b.test',
    services: { '_matrix-fed.a.test': NEVER },
    reached: { at: 'default', sni: 'b.test', host: 'b.test' },
    certificate: 'b.test',
  },
  '4': {
    server: 'a.test',
    services: { '_matrix-fed.a.test': 'c.test', '_matrix.a.test': NEVER },
    reached: { at: 'other', sni: 'a.test', host: 'a.test' },
    certificate: 'a.test',
  },
  '5': {
    server: 'a.test',
    services: { '_matrix.a.test': 'c.test' },
    reached: { at: 'other', sni: 'a.test', host: 'a.test' },
    certificate: 'a.test',
  },
  '6': {
    server: 'a.test',
    reached: { at: 'default', sni: 'a.test', host: 'a.test' },
    certificate: 'a.test',
  },
};

let ca: TestCa;
let dns: TestDns;
let wellKnown: TlsIdentity;

beforeAll(async () => {
  ca = await TestCa.create();
  dns = await TestDns.start({});
  wellKnown = await ca.issue(['a.test']);
});

afterAll(async () => {
  await dns[Symbol.asyncDispose]();
});

/** Asks the server of a row, whose certificate is for these names; what it saw, or why there was no answer. */
async function ask({ server, delegate, services = {} }: Row, certificateNames: readonly string[]) {
  const matrix = await ca.issue(certificateNames);
  await using host = await FederatedHost.start({ delegate, wellKnown, matrix });
  const port = host.port('other');
  const addresses = NAMES.map((name): [string, TestRecord[]] => [
    name,
    [{ type: 'A', data: ADDRESS }],
  ]);
  const records = Object.entries(services).map(([name, target]): [string, TestRecord[]] => [
    name.replace('.', '._tcp.'),
    [{ type: 'SRV', data: { target, port } }],
  ]);
  dns.zone = Object.fromEntries([...addresses, ...records]);
  const transport = createTransport({
    effects: systemEffects(),
    authorities: [ca.certificate],
    allowedRanges: ['127.0.0.0/8'],
    dnsServers: [dns.server],
    wellKnownPort: host.port('wellKnown'),
    defaultPort: host.port('default'),
  });
  try {
    const limits = { maxBytes: 1_000, timeoutMs: 10_000 };
    const name = host.named(server) as ServerName;
    await transport.request({
      server: name,
      method: 'GET',
      path: '/_matrix/x',
      headers: {},
      limits,
    });
    return host.seen;
  } catch (error) {
    return String(error);
  } finally {
    await transport.close();
  }
}

describe.each(Object.entries(ROWS))('a server found by step %s', (_step, row) => {
  it('is reached where it is, by its names', async () => {
    expect(await ask(row, [row.certificate])).toEqual([row.reached]);
  });

  it('is believed by no other certificate', async () => {
    const others = [...NAMES, ADDRESS].filter((name) => name !== row.certificate);
    expect(await ask(row, others)).toMatch(`its certificate is not for ${row.certificate}`);
  });
});
