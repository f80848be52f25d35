import { isServerName } from '@hansa/protocol';
import { fuzzParameters } from '@hansa/protocol/testing/runs';
import { mutatedText } from '@hansa/protocol/testing/mutations';
import fc from 'fast-check';
import { it } from 'vitest';
import { readStaticHosts } from './static-hosts.ts';

const NAMES = ['b.test', 'b.test:8448', '[::1]:1', '1.2.3.4', '__proto__'];
const ADDRESSES = ['127.0.0.1:8449', '[::1]:8449', 'localhost:1', 'b.test', 'b.test:65536'];
const PIECES = [':', '[', ']', '.', '::', '65535', '65536', '-', '@', '/', '%', 'é', '\0', ' '];

it('any entry says where a server is, or is refused and named', () => {
  fc.assert(
    fc.property(mutatedText(NAMES, PIECES), mutatedText(ADDRESSES, PIECES), (name, address) => {
      try {
        const hosts = readStaticHosts(Object.fromEntries([[name, address]]));
        return hosts.entries().every(([server, { host, port }]) => {
          const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
          return server === name && isServerName(server) && isPort && !/[[\]]|^$/.test(host);
        });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return [name, address].some((text) => error.message.startsWith(JSON.stringify(text)));
      }
    }),
    fuzzParameters(),
  );
});
