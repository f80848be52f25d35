import { parseServerName, splitServerName, withoutBrackets } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import { isPort } from '../is-port.ts';

/** Where servers are to be found whatever the world says: by name, what to connect to. */
export type StaticHosts = ReadonlyMap<ServerName, StaticHost>;

export interface StaticHost {
  /** Host name, or IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

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
  if (parts?.port === undefined || !isPort(parts.port)) {
    throw new TypeError(`${JSON.stringify(address)} is not host:port, such as 127.0.0.1:8449`);
  }
  return { host: withoutBrackets(parts.host), port: parts.port };
}
