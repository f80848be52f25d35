import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';

const GOOD = `
serverName: harbour.example
data: data
client:
  host: 127.0.0.1
  port: 8008
federation:
  listen:
    host: 127.0.0.1
    port: 8448
`;

function mistake(text: string): string {
  try {
    parseConfig(text, 'hansa.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no mistake was found';
}

describe('the configuration file', () => {
  it('is read, with registration closed unless it says otherwise', () => {
    expect(parseConfig(GOOD, 'hansa.yaml').config).toMatchObject({
      serverName: 'harbour.example',
      registration: 'closed',
      defaultRoomVersion: '12',
      logLevel: 'info',
    });
  });

  it.each(['127.0.0.1:8449', '[::1]:8449', 'beta.internal:8449', '9.9.9.9:8449'])(
    'takes %s as the place of a server, where it may be called',
    (address) => {
      const ranges =
        address.startsWith('9') || address.startsWith('b') ? [] : ['127.0.0.0/8', '::1/128'];
      const hosts = `  hosts: { beta.example: '${address}' }\n  allowedRanges: ${JSON.stringify(ranges)}\n`;
      expect(parseConfig(GOOD + hosts, 'hansa.yaml').config.federation.hosts).toEqual({
        'beta.example': address,
      });
    },
  );

  it('names line, column and the likely word for an unknown setting', () => {
    expect(mistake(GOOD.replace('serverName:', 'servername: x\nserverName:'))).toBe(
      'hansa.yaml:2:13: There is no setting "servername". Did you mean "serverName"?',
    );
    expect(mistake(GOOD.replace('  host: 127', '  hots: 1\n  host: 127'))).toContain(
      'There is no setting "client.hots". Did you mean "host"?',
    );
  });

  it.each([
    [
      'a wrong type',
      GOOD.replace('8008', 'often'),
      'hansa.yaml:6:9: "client.port": must be a number',
    ],
    [
      'a port out of range',
      GOOD.replace('8448', '70000'),
      'hansa.yaml:10:11: "federation.listen.port"',
    ],
    ['a missing setting', GOOD.replace('data: data\n', ''), '"data" is missing: the folder of'],
    [
      'a word that is none of those',
      `${GOOD}registration: yes\n`,
      '11:15: "registration": must be "open" or "closed".',
    ],
    [
      'one thing for a list',
      `${GOOD}  allowedRanges: 127.0.0.0/8\n`,
      'must be a list of at most 64 ranges, such as [127.0.0.0/8].',
    ],
    [
      'a range that is none',
      `${GOOD}  allowedRanges: [127.0.0.0/99]\n`,
      '"federation.allowedRanges.0": "127.0.0.0/99" is no address range',
    ],
    [
      'a DNS server that is a name',
      `${GOOD}  dnsServers: [10.0.0.53, dns.example]\n`,
      'hansa.yaml:11:27: "federation.dnsServers.1": "dns.example" is no address, such as 10.0.0.53.',
    ],
    [
      'no DNS server where some are to be',
      `${GOOD}  dnsServers: []\n`,
      '"federation.dnsServers": must be a list of 1 to 8 addresses, such as [10.0.0.53].',
    ],
    [
      'capitals in its name',
      GOOD.replace('harbour', 'Harbour'),
      'hansa.yaml:2:13: "serverName": write it in lower case: harbour.example.',
    ],
    [
      'a server name that is none',
      GOOD.replace('harbour.example', 'har bour'),
      'hansa.yaml:2:13: "serverName"',
    ],
    [
      'a host that is never called',
      `${GOOD}  hosts: { beta.example: '127.0.0.1:8449' }\n`,
      'hansa.yaml:11:26: "federation.hosts.beta.example": 127.0.0.1 is never called: only public addresses are called, and those in "federation.allowedRanges".',
    ],
    [
      'a host in none of the ranges',
      `${GOOD}  hosts: { beta.example: '[::1]:8449' }\n  allowedRanges: [127.0.0.0/8]\n`,
      '"federation.hosts.beta.example": [::1] is never called',
    ],
    ['broken YAML', `${GOOD}\n  : [`, 'hansa.yaml:'],
    ['an alias of nothing', GOOD.replace('data: data', 'data: *d'), 'hansa.yaml:3:7: '],
  ])('stops at %s', (_, text, message) => {
    expect(mistake(text)).toContain(message);
  });
});
