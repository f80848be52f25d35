import {
  findRoomVersion,
  parseServerName,
  splitServerName,
  SUPPORTED_ROOM_VERSIONS,
  withoutBrackets,
} from '@hansa/protocol';
import { createAddressGuard, readDnsServers, readStaticHosts, type AddressGuard } from '@hansa/net';
import { Value } from 'typebox/value';
import { checkShape } from './check-shape.ts';
import { ConfigDocument, type SettingPath } from './config-document.ts';
import type { Override } from './overrides.ts';
import { ConfigSchema, type Config, type WrittenConfig } from './schema.ts';

export interface ParsedConfig {
  readonly config: Config;
  /** Tells what is wrong with a setting beyond its own text, such as a file that is not there. */
  readonly document: ConfigDocument;
}

/**
 * Parses and checks the text of a configuration file and what overrides it.
 * @throws ConfigError at the first mistake, with line and column or the name of the variable
 */
export function parseConfig(
  text: string,
  file: string,
  overrides: readonly Override[] = [],
): ParsedConfig {
  const document = new ConfigDocument(text, file, overrides);
  const written = checkShape(document);
  checkMeaning(document, written);
  // Checked above; the library's types do not tell that the defaults are there now.
  return { config: Value.Default(ConfigSchema, written) as Config, document };
}

/** What a schema cannot say. */
function checkMeaning(document: ConfigDocument, config: WrittenConfig): void {
  const fail = (path: SettingPath, what: string): never => {
    throw document.errorAt(path, `"${path.join('.')}": ${what}.`);
  };
  const name = parseServerName(config.serverName);
  if (!name.ok) fail(['serverName'], 'must be a domain, such as alpha.example');
  const lowerCase = config.serverName.toLowerCase();
  if (config.serverName !== lowerCase) fail(['serverName'], `write it in lower case: ${lowerCase}`);
  const { database, publicUrl, defaultRoomVersion } = config;
  if (database !== undefined && !isPostgresUrl(database)) {
    fail(['database'], 'must be an address such as postgres:///hansa?host=/run/postgresql');
  }
  if (publicUrl !== undefined && !isHttpUrl(publicUrl)) {
    fail(['publicUrl'], 'must be an address such as https://chat.example.org');
  }
  if (defaultRoomVersion !== undefined && findRoomVersion(defaultRoomVersion) === undefined) {
    fail(['defaultRoomVersion'], `must be one of ${SUPPORTED_ROOM_VERSIONS.join(', ')}`);
  }
  const { hosts = {}, allowedRanges = [], dnsServers = [] } = config.federation;
  const mustRead = (path: SettingPath, read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw document.errorAt(path, `"${path.join('.')}": ${error.message}.`, error);
    }
  };
  for (const [server, address] of Object.entries(hosts)) {
    mustRead(['federation', 'hosts', server], () =>
      readStaticHosts(Object.fromEntries([[server, address]])),
    );
  }
  for (const [index, range] of allowedRanges.entries()) {
    mustRead(['federation', 'allowedRanges', index], () => createAddressGuard([range]));
  }
  for (const [index, range] of (config.client.trustedProxies ?? []).entries()) {
    mustRead(['client', 'trustedProxies', index], () => createAddressGuard([range]));
  }
  for (const [index, server] of dnsServers.entries()) {
    mustRead(['federation', 'dnsServers', index], () => readDnsServers([server]));
  }
  const guard = createAddressGuard(allowedRanges);
  for (const [server, address] of Object.entries(hosts)) {
    const blocked = blockedAddress(guard, address);
    if (blocked === undefined) continue;
    const hint = 'only public addresses are called, and those in "federation.allowedRanges"';
    fail(['federation', 'hosts', server], `${blocked} is never called: ${hint}`);
  }
}

/** The address, where it is one and not a name, that would never be called. */
function blockedAddress(guard: AddressGuard, address: string): string | undefined {
  const name = parseServerName(address);
  if (!name.ok) return undefined;
  const { kind, host } = splitServerName(name.value);
  const ip = withoutBrackets(host);
  return kind === 'dns' || guard.allows(ip) ? undefined : host;
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'postgres:' || url.protocol === 'postgresql:');
}
