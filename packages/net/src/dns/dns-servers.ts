import { isIP } from 'node:net';
import { parseServerName, splitServerName, withoutBrackets } from '@hansa/protocol';
import { isPort } from '../is-port.ts';

const DNS_PORT = 53;

/**
 * DNS servers as a configuration has them: an IP address, with a port if it is not 53, an IPv6 address with a port in
 * brackets. Throws a `TypeError` that says which is none.
 */
export function readDnsServers(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const parsed = parseServerName(isIP(text) === 6 ? `[${text}]` : text);
    const { host = '', port = DNS_PORT } = parsed.ok ? splitServerName(parsed.value) : {};
    // The grammar of server names takes `010.0.0.53` for an address.
    if (isIP(withoutBrackets(host)) === 0 || !isPort(port)) {
      throw new TypeError(`${JSON.stringify(text)} is no address, such as 10.0.0.53`);
    }
    return `${host}:${port}`;
  });
}
