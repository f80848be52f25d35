import {
  findRoomVersion,
  parseServerName,
  splitServerName,
  SUPPORTED_ROOM_VERSIONS,
} from '@hansa/protocol';
import { createAddressGuard, readStaticHosts, type AddressGuard } from '@hansa/net';
import { Value } from 'typebox/value';
import { closest } from './closest.ts';
import { ConfigDocument, type SettingPath } from './config-document.ts';
import { ConfigSchema, type Config } from './schema.ts';

export interface ParsedConfig {
  readonly config: Config;
  /** Tells what is wrong with a setting beyond its own text, such as a file that is not there. */
  readonly document: ConfigDocument;
}

/**
 * Parses and checks the text of a configuration file.
 * @throws ConfigError at the first mistake, with line and column
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const document = new ConfigDocument(text, file);
  const config = checkShape(document);
  checkMeaning(document, config);
  return { config: Value.Default(ConfigSchema, config) as Config, document };
}

function checkShape(document: ConfigDocument): Config {
  const { value } = document;
  const errors = Value.Errors(ConfigSchema, value).filter(({ keyword }) => keyword !== 'boolean');
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties');
  if (unknown) {
    const [key = ''] = (unknown.params as { additionalProperties: string[] }).additionalProperties;
    const path = [...pathOf(unknown.instancePath), key];
    const known = knownKeys(unknown.instancePath);
    const suggestion = closest(key, known);
    const hint = suggestion
      ? ` Did you mean "${suggestion}"?`
      : ` Known here: ${known.join(', ')}.`;
    throw document.errorAt(path, `There is no setting "${path.join('.')}".${hint}`);
  }
  const [error] = errors;
  if (error) {
    const path = pathOf(error.instancePath);
    const setting = path.length === 0 ? 'The configuration' : `"${path.join('.')}"`;
    throw document.errorAt(path, `${setting} ${error.message}.`);
  }
  return value as Config;
}

/** What a schema cannot say. */
function checkMeaning(document: ConfigDocument, config: Config): void {
  const fail = (path: SettingPath, what: string): never => {
    throw document.errorAt(path, `"${path.join('.')}": ${what}.`);
  };
  const name = parseServerName(config.serverName);
  if (!name.ok) fail(['serverName'], name.reason);
  const { publicUrl, defaultRoomVersion } = config;
  if (publicUrl !== undefined && !isHttpUrl(publicUrl)) {
    fail(['publicUrl'], 'must be an address such as https://chat.example.org');
  }
  if (defaultRoomVersion !== undefined && findRoomVersion(defaultRoomVersion) === undefined) {
    fail(['defaultRoomVersion'], `must be one of ${SUPPORTED_ROOM_VERSIONS.join(', ')}`);
  }
  const { hosts = {}, allowedRanges = [] } = config.federation;
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
  const ip = kind === 'ipv6' ? host.slice(1, -1) : host;
  return kind === 'dns' || guard.allows(ip) ? undefined : host;
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

function pathOf(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function knownKeys(instancePath: string): string[] {
  let schema: unknown = ConfigSchema;
  for (const step of pathOf(instancePath)) {
    schema = (schema as { properties?: Record<string, unknown> }).properties?.[step];
  }
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}
