import { isIP } from 'node:net';
import { parseServerName, splitServerName } from '@hansa/protocol';

const DNS_PORT = 53;
const HIGHEST_PORT = 65_535;

/**
 * DNS servers as a configuration has them: an IP address, with a port if it is not 53, an IPv6 address with a port in
 * brackets. Throws a `TypeError` that says which is none.
 */
export function readDnsServers(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const parsed = parseServerName(isIP(text) === 6 ? `[${text}]` : text);
    const { host = '', port = DNS_PORT } = parsed.ok ? splitServerName(parsed.value) : {};
    // The grammar of server names takes `010.0.0.53` for an address, and five digits for a port.
    const isAddress = isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
    if (!isAddress || port === 0 || port > HIGHEST_PORT) {
      throw new TypeError(`${JSON.stringify(text)} is no address, such as 10.0.0.53`);
    }
    return `${host}:${port}`;
  });
}
