import type { ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { DnsError } from '../dns/dns-error.ts';
import type { ServiceRecord } from '../dns/dns-queries.ts';
import { ServerDiscovery } from './server-discovery.ts';
import { ServiceTargets } from './service-targets.ts';

interface World {
  /** By host. */
  readonly delegates?: Readonly<Record<string, string>>;
  /** By the name of the service, without `._tcp`. */
  readonly services?: Readonly<Record<string, readonly ServiceRecord[] | DnsError>>;
  readonly fixed?: Readonly<Record<string, readonly [host: string, port: number]>>;
}

function srv(target: string, port: number, priority = 0, weight = 0): ServiceRecord {
  return { target, port, priority, weight };
}

/** A discovery in that world, and what it asked. */
function discovery({ delegates = {}, services = {}, fixed = {} }: World = {}) {
  const asked: string[] = [];
  const staticHosts = new Map(
    Object.entries(fixed).map(([name, [host, port]]) => [name as ServerName, { host, port }]),
  );
  const wellKnown = {
    findDelegate: async (host: string) => {
      asked.push(host);
      const delegate = delegates[host] as ServerName | undefined;
      return { delegate, fault: delegate === undefined ? 'status 404' : undefined };
    },
  };
  const targets = new ServiceTargets({
    resolveServices: async (name) => {
      asked.push(name);
      const found = services[name.replace('._tcp', '')];
      if (found === undefined) throw new DnsError('nothing', 'no records');
      if (found instanceof DnsError) throw found;
      return found;
    },
  });
  return { asked, service: new ServerDiscovery({ wellKnown, services: targets, staticHosts }) };
}

const FED_A = '_matrix-fed.a.test';
const OLD_A = '_matrix.a.test';
const FED_B = '_matrix-fed.b.test';
const OLD_B = '_matrix.b.test';

/** Source: server-server API, "Resolving server names"; each row begins with its step there. */
const CASES: readonly (readonly [
  step: string,
  name: string,
  world: World,
  connectsTo: string,
  certificateOf: string,
  hostHeader: string,
])[] = [
  ['1', '1.2.3.4', {}, '1.2.3.4 8448', '1.2.3.4', '1.2.3.4'],
  ['1', '1.2.3.4:99', {}, '1.2.3.4 99', '1.2.3.4', '1.2.3.4:99'],
  ['1', '[2606:4700::1]', {}, '2606:4700::1 8448', '2606:4700::1', '[2606:4700::1]'],
  ['1', '[2606:4700::1]:99', {}, '2606:4700::1 99', '2606:4700::1', '[2606:4700::1]:99'],
  ['2', 'a.test:99', {}, 'a.test 99', 'a.test', 'a.test:99'],
  ['3.1', 'a.test', { delegates: { 'a.test': '1.2.3.4' } }, '1.2.3.4 8448', '1.2.3.4', '1.2.3.4'],
  [
    '3.1',
    'a.test',
    { delegates: { 'a.test': '[2606:4700::1]:99' } },
    '2606:4700::1 99',
    '2606:4700::1',
    '[2606:4700::1]:99',
  ],
  ['3.2', 'a.test', { delegates: { 'a.test': 'b.test:99' } }, 'b.test 99', 'b.test', 'b.test:99'],
  [
    '3.3',
    'a.test',
    {
      delegates: { 'a.test': 'b.test' },
      services: { [FED_B]: [srv('c.test', 99)], [OLD_B]: [srv('old.test', 1)] },
    },
    'c.test 99',
    'b.test',
    'b.test',
  ],
  [
    '3.4',
    'a.test',
    {
      delegates: { 'a.test': 'b.test' },
      services: { [OLD_B]: [srv('c.test', 99)], [FED_A]: [srv('never.test', 1)] },
    },
    'c.test 99',
    'b.test',
    'b.test',
  ],
  ['3.5', 'a.test', { delegates: { 'a.test': 'b.test' } }, 'b.test 8448', 'b.test', 'b.test'],
  [
    '4',
    'a.test',
    { services: { [FED_A]: [srv('c.test', 99)], [OLD_A]: [srv('old.test', 1)] } },
    'c.test 99',
    'a.test',
    'a.test',
  ],
  ['5', 'a.test', { services: { [OLD_A]: [srv('c.test', 99)] } }, 'c.test 99', 'a.test', 'a.test'],
  [
    '5, where DNS fails at 4',
    'a.test',
    { services: { [FED_A]: new DnsError('failed', 'x'), [OLD_A]: [srv('c.test', 99)] } },
    'c.test 99',
    'a.test',
    'a.test',
  ],
  ['6', 'a.test', {}, 'a.test 8448', 'a.test', 'a.test'],
];

describe('discovery', () => {
  it.each(CASES)(
    'by step %s: %s',
    async (_step, name, world, connectsTo, certificateOf, hostHeader) => {
      const { endpoint } = await discovery(world).service.discover(name as ServerName);
      const places = endpoint?.targets.map(({ host, port }) => `${host} ${port}`);
      expect(places).toEqual([connectsTo]);
      expect(endpoint).toMatchObject({ tlsName: certificateOf, hostHeader });
    },
  );

  it.each(['1.2.3.4', '[::1]:8448', 'a.test:8448'])('asks nobody about %s', async (name) => {
    const { asked, service } = discovery({ delegates: { 'a.test': 'b.test' } });
    await service.discover(name as ServerName);
    expect(asked).toEqual([]);
  });

  it('asks in order, and a delegate for no delegate', async () => {
    const { asked, service } = discovery({ delegates: { 'a.test': 'b.test', 'b.test': 'c.test' } });
    await service.discover('a.test' as ServerName);
    expect(asked).toEqual(['a.test', '_matrix-fed._tcp.b.test', '_matrix._tcp.b.test']);
  });

  it('believes the configuration before all else, and still wants the certificate of the name', async () => {
    const { asked, service } = discovery({
      delegates: { 'a.test': 'b.test' },
      fixed: { 'a.test': ['127.0.0.1', 1234] },
    });
    const { endpoint, steps } = await service.discover('a.test' as ServerName);
    expect(endpoint).toEqual({
      targets: [{ host: '127.0.0.1', port: 1234, priority: 0, weight: 0 }],
      tlsName: 'a.test',
      hostHeader: 'a.test',
    });
    expect(steps).toEqual(['"federation.hosts" says 127.0.0.1, port 1234']);
    expect(asked).toEqual([]);
  });

  it('takes all targets, of the lowest priorities where there are too many', async () => {
    const records = Array.from({ length: 30 }, (_, at) => srv(`${at}.test`, 443, 30 - at, at));
    const { service } = discovery({ services: { [FED_A]: records } });
    const { endpoint } = await service.discover('a.test' as ServerName);
    const hosts = endpoint?.targets.map(({ host }) => host);
    expect(hosts).toEqual(Array.from({ length: 10 }, (_, at) => `${29 - at}.test`));
    expect(endpoint?.targets[0]).toMatchObject({ priority: 1, weight: 29 });
  });

  it.each<[string, ServiceRecord[]]>([
    ['the root as its target', [srv('.', 0)]],
    ['no target', [srv('', 443)]],
    ['no port', [srv('c.test', 0)]],
  ])('ends where a service has %s, and asks no older one', async (_what, records) => {
    const { service } = discovery({
      services: { [FED_A]: records, [OLD_A]: [srv('old.test', 1)] },
    });
    const { endpoint, steps } = await service.discover('a.test' as ServerName);
    expect(endpoint).toBeUndefined();
    expect(steps.at(-1)).toBe('SRV _matrix-fed._tcp.a.test: federation is not offered');
  });

  it('asks for no older service where DNS is silent, as it would be about that too', async () => {
    const silent = new DnsError('silent', 'DNS does not answer');
    const { asked, service } = discovery({ services: { [FED_A]: silent } });
    const { endpoint, steps } = await service.discover('a.test' as ServerName);
    expect(endpoint?.targets).toMatchObject([{ host: 'a.test', port: 8448 }]);
    expect(asked).toEqual(['a.test', '_matrix-fed._tcp.a.test']);
    expect(steps.slice(1)).toEqual([
      'SRV _matrix-fed._tcp.a.test: DNS does not answer',
      'so a.test, port 8448',
    ]);
  });

  it('tells every step and what it gave', async () => {
    const { service } = discovery({
      services: { [FED_A]: new DnsError('failed', 'DNS failed, X') },
    });
    expect((await service.discover('a.test' as ServerName)).steps).toEqual([
      'https://a.test/.well-known/matrix/server names nobody: status 404',
      'SRV _matrix-fed._tcp.a.test: DNS failed, X',
      'SRV _matrix._tcp.a.test: no records',
      'so a.test, port 8448',
    ]);
  });

  it('tells where a delegation and its services lead', async () => {
    const { service } = discovery({
      delegates: { 'a.test': 'b.test' },
      services: { [FED_B]: [srv('c.test', 1), srv('d.test', 2)] },
    });
    expect((await service.discover('a.test' as ServerName)).steps).toEqual([
      'https://a.test/.well-known/matrix/server names b.test',
      'SRV _matrix-fed._tcp.b.test: c.test, port 1; d.test, port 2',
    ]);
  });
});
