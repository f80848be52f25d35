import { parseServerName, splitServerName } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';

/** Where servers are to be found whatever the world says: by name, what to connect to. */
export type StaticHosts = ReadonlyMap<ServerName, StaticHost>;

export interface StaticHost {
  /** Host name, or IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The grammar of server names has five digits. */
const MAX_PORT = 65_535;

/**
 * Reads them as a configuration has them: server name to `host:port`, an IPv6 address in brackets. Throws a `TypeError`
 * that says which name or which address is none.
 */
export function readStaticHosts(entries: Readonly<Record<string, string>>): StaticHosts {
  return new Map(
    Object.entries(entries).map(([name, address]) => {
      const server = parseServerName(name);
      if (!server.ok) throw new TypeError(`${JSON.stringify(name)} is ${server.reason}`);
      return [server.value, readAddress(address)];
    }),
  );
}

function readAddress(address: string): StaticHost {
  const parsed = parseServerName(address);
  const parts = parsed.ok ? splitServerName(parsed.value) : undefined;
  if (parts?.port === undefined || parts.port < 1 || parts.port > MAX_PORT) {
    throw new TypeError(`${JSON.stringify(address)} is not host:port, such as 127.0.0.1:8449`);
  }
  const { host, port, kind } = parts;
  return { host: kind === 'ipv6' ? host.slice(1, -1) : host, port };
}
