import { Resolver } from 'node:dns/promises';
import { fuzzParameters } from '@hansa/protocol/testing/runs';
import { mutatedText } from '@hansa/protocol/testing/mutations';
import fc from 'fast-check';
import { it } from 'vitest';
import { readDnsServers } from './dns-servers.ts';

const SAMPLES = ['10.0.0.53', '10.0.0.53:5353', 'fd00::53', '[fd00::53]:5353', 'dns.example'];
const PIECES = [':', '[', ']', '.', '::', '65535', '65536', '0', '%', 'é', '\0', ' ', '::ffff:'];

it('any text is a DNS server that can be asked, or is refused and named', () => {
  fc.assert(
    fc.property(mutatedText(SAMPLES, PIECES), (text) => {
      try {
        new Resolver().setServers(readDnsServers([text]));
        return true;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return error.message.startsWith(`${JSON.stringify(text)} is no address`);
      }
    }),
    fuzzParameters(),
  );
});
