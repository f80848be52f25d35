import { TestCa } from '@hansa/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { listCertificateFaults } from './certificate-faults.ts';

const DAY_MS = 24 * 3_600_000;

let ca: TestCa;
beforeAll(async () => {
  ca = await TestCa.create();
});

interface Case {
  readonly names: readonly string[];
  readonly serverName?: string;
  readonly publicUrl?: string;
  readonly daysFromNow?: number;
}

/** What is found of one certificate that both listeners show. */
async function faultsOf({ names, serverName = 'a.test', publicUrl, daysFromNow = 0 }: Case) {
  const identity = await ca.issue(names);
  const tls = { certificate: 'a.crt', key: 'a.key' };
  const listen = { host: '127.0.0.1', port: 0, tls };
  const settings = { serverName, publicUrl, data: 'data', client: listen, federation: { listen } };
  const parsed = parseConfig(JSON.stringify(settings, undefined, 2), 'hansa.yaml');
  return listCertificateFaults(
    {
      ...parsed,
      socketFile: '',
      mediaFolder: '',
      databaseFile: '',
      clientTls: identity,
      federationTls: identity,
      authorities: [],
    },
    Date.now() + daysFromNow * DAY_MS,
  );
}

describe('certificates that others would not accept', () => {
  it.each([
    { names: ['a.test'] },
    { names: ['*.a.test'], serverName: 'chat.a.test:8449' },
    { names: ['127.0.0.1'], serverName: '127.0.0.1:8448' },
    { names: ['::1'], serverName: '[::1]:8448' },
    { names: ['a.test', 'chat.a.test'], publicUrl: 'https://chat.a.test' },
  ])('are not these: %j', async (of) => {
    expect(await faultsOf(of)).toEqual([]);
  });

  it('are for another name', async () => {
    expect(await faultsOf({ names: ['b.test', 'c.test'] })).toEqual([
      expect.stringMatching(
        /^hansa\.yaml:17:24: "federation\.listen\.tls\.certificate": the certificate is for DNS:b\.test, DNS:c\.test, and not for a\.test: other servers will not accept it, unless https:\/\/a\.test\/\.well-known\/matrix\/server leads them to a name that it has\.$/,
      ),
    ]);
    expect(await faultsOf({ names: ['a.test'], publicUrl: 'https://chat.a.test' })).toEqual([
      expect.stringMatching(/"client\.tls\.certificate".* not for chat\.a\.test: clients will not/),
    ]);
  });

  it.each([
    [400, 'expired on'],
    [-2, 'is not valid before'],
  ])('are not of this day (%i days from now)', async (daysFromNow, words) => {
    expect(await faultsOf({ names: ['a.test'], daysFromNow })).toEqual([
      expect.stringMatching(new RegExp(`"client.* ${words} \\d{4}-.*: clients will not accept it`)),
      expect.stringMatching(new RegExp(`"federation.* ${words} .*: other servers will not accept`)),
    ]);
  });
});
