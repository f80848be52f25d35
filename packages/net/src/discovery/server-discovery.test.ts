import type { ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { ServerDiscovery } from './server-discovery.ts';

/** Delegates by host, and the hosts that were asked. */
function discovery(
  delegates: Record<string, string> = {},
  fixed: Record<string, [string, number]> = {},
) {
  const asked: string[] = [];
  const staticHosts = new Map(
    Object.entries(fixed).map(([name, [host, port]]) => [name as ServerName, { host, port }]),
  );
  const wellKnown = {
    findDelegate: async (host: string) => {
      asked.push(host);
      return delegates[host] as ServerName | undefined;
    },
  };
  return { asked, service: new ServerDiscovery({ wellKnown, staticHosts }) };
}

describe('discovery', () => {
  it.each([
    // [name, delegate, connects to, certificate of, Host]
    ['1.2.3.4', '', '1.2.3.4:8448', '1.2.3.4', '1.2.3.4'],
    ['1.2.3.4:99', '', '1.2.3.4:99', '1.2.3.4', '1.2.3.4:99'],
    ['[2606:4700::1]', '', '2606:4700::1:8448', '2606:4700::1', '[2606:4700::1]'],
    ['[2606:4700::1]:99', '', '2606:4700::1:99', '2606:4700::1', '[2606:4700::1]:99'],
    ['a.test:99', 'never.test', 'a.test:99', 'a.test', 'a.test:99'],
    ['a.test', '', 'a.test:8448', 'a.test', 'a.test'],
    ['a.test', 'b.test', 'b.test:8448', 'b.test', 'b.test'],
    ['a.test', 'b.test:99', 'b.test:99', 'b.test', 'b.test:99'],
    ['a.test', '1.2.3.4', '1.2.3.4:8448', '1.2.3.4', '1.2.3.4'],
    ['a.test', '[2606:4700::1]:99', '2606:4700::1:99', '2606:4700::1', '[2606:4700::1]:99'],
  ])(
    'of %s, delegated to "%s", leads to %s',
    async (name, delegate, address, tlsName, hostHeader) => {
      const { service } = discovery(delegate === '' ? {} : { 'a.test': delegate });
      const endpoint = await service.discover(name as ServerName);
      expect(`${endpoint.host}:${endpoint.port}`).toBe(address);
      expect(endpoint).toMatchObject({ tlsName, hostHeader });
    },
  );

  it.each(['1.2.3.4', '[::1]:8448', 'a.test:8448'])('asks nobody about %s', async (name) => {
    const { asked, service } = discovery({ 'a.test': 'b.test' });
    await service.discover(name as ServerName);
    expect(asked).toEqual([]);
  });

  it('believes the configuration before all else, and still wants the certificate of the name', async () => {
    const { asked, service } = discovery({ 'a.test': 'b.test' }, { 'a.test': ['127.0.0.1', 1234] });
    expect(await service.discover('a.test' as ServerName)).toEqual({
      host: '127.0.0.1',
      port: 1234,
      tlsName: 'a.test',
      hostHeader: 'a.test',
    });
    expect(asked).toEqual([]);
  });
});
