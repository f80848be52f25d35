import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { ServerName } from './brand.ts';
import { isIpv4Literal, isIpv6Literal } from './ip-literal.ts';

const HOST_MAX_CHARS = 255;
const DNS_CHARS = /^[0-9A-Za-z.-]+$/;
const PORT = /^[0-9]{1,5}$/;

/** Parts of a server name. */
export interface ServerNameParts {
  /** As written, an IPv6 address with its brackets. */
  readonly host: string;
  /** Up to 99999, as the grammar has it: a name with such a port exists and cannot be reached. */
  readonly port: number | undefined;
  readonly kind: 'dns' | 'ipv4' | 'ipv6';
}

/**
 * Server names are compared case-sensitively and kept as they are written.
 * Source: appendices, "Server Name".
 */
export function parseServerName(text: string): Parsed<ServerName> {
  return split(text) === undefined
    ? refused('ID-1.1', 'not a host name or IP address with an optional port')
    : parsed(text as ServerName);
}

export function isServerName(text: string): text is ServerName {
  return split(text) !== undefined;
}

export function splitServerName(name: ServerName): ServerNameParts {
  const parts = split(name);
  if (parts === undefined) throw new TypeError(`not a server name: ${JSON.stringify(name)}`);
  return parts;
}

/** A host as sockets and certificates know it: an IPv6 address without the brackets that names and URLs write it in. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function split(text: string): ServerNameParts | undefined {
  // Only an IPv6 address holds colons of its own, and its brackets say where it ends.
  const hostEnd = text.startsWith('[') ? text.indexOf(']') + 1 : endOfHost(text);
  const host = text.slice(0, hostEnd);
  const kind = kindOf(host);
  if (kind === undefined) return undefined;
  if (hostEnd === text.length) return { host, port: undefined, kind };
  const port = text.slice(hostEnd + 1);
  if (text.charAt(hostEnd) !== ':' || !PORT.test(port)) return undefined;
  return { host, port: Number(port), kind };
}

function endOfHost(text: string): number {
  const colon = text.indexOf(':');
  return colon === -1 ? text.length : colon;
}

function kindOf(host: string): ServerNameParts['kind'] | undefined {
  if (host.length > HOST_MAX_CHARS) return undefined;
  if (host.startsWith('[')) return isIpv6Literal(host.slice(1, -1)) ? 'ipv6' : undefined;
  if (isIpv4Literal(host)) return 'ipv4';
  return DNS_CHARS.test(host) ? 'dns' : undefined;
}
