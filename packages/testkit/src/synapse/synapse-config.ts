import { join } from 'node:path';

export interface SynapseSettings {
  /** Also the folder of its database and logs. */
  readonly folder: string;
  readonly serverName: string;
  readonly clientPort: number;
  readonly federationPort: number;
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly defaultRoomVersion: string;
}

/** Rate limits that no test reaches. */
const UNLIMITED = { per_second: 100_000, burst_count: 100_000 };

/** As many events as a test's client asks for in one answer. */
const TIMELINE_LIMIT = 500;

/**
 * Configuration of a Synapse that federates on loopback with an own authority and, unlike its defaults,
 * tries a silent server again within a second. JSON is YAML.
 */
export function synapseConfig(settings: SynapseSettings): string {
  const { folder, certificate, key, authority } = settings;
  const listen = (port: number, tls: boolean, name: string) => ({
    port,
    tls,
    type: 'http',
    bind_addresses: ['127.0.0.1'],
    resources: [{ names: [name] }],
  });
  return JSON.stringify({
    server_name: settings.serverName,
    pid_file: join(folder, 'synapse.pid'),
    signing_key_path: join(folder, 'signing.key'),
    media_store_path: join(folder, 'media'),
    log_config: join(folder, 'log.yaml'),
    database: { name: 'sqlite3', args: { database: join(folder, 'homeserver.db') } },
    listeners: [
      listen(settings.clientPort, false, 'client'),
      listen(settings.federationPort, true, 'federation'),
    ],
    tls_certificate_path: certificate,
    tls_private_key_path: key,
    federation_custom_ca_list: [authority],
    ip_range_blacklist: [],
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    report_stats: false,
    macaroon_secret_key: 'for tests alone',
    form_secret: 'for tests alone',
    enable_registration: true,
    enable_registration_without_verification: true,
    default_room_version: settings.defaultRoomVersion,
    bcrypt_rounds: 4,
    filter_timeline_limit: TIMELINE_LIMIT,
    allow_public_rooms_over_federation: true,
    room_list_publication_rules: [{ action: 'allow' }],
    federation: {
      client_timeout: 10_000,
      destination_min_retry_interval: 200,
      destination_retry_multiplier: 1,
      destination_max_retry_interval: 500,
      max_short_retries: 1,
      max_short_retry_delay: 200,
      max_long_retries: 1,
      max_long_retry_delay: 500,
    },
    rc_message: UNLIMITED,
    rc_registration: UNLIMITED,
    rc_login: { address: UNLIMITED, account: UNLIMITED, failed_attempts: UNLIMITED },
    rc_joins: { local: UNLIMITED, remote: UNLIMITED },
    rc_joins_per_room: UNLIMITED,
    rc_invites: { per_room: UNLIMITED, per_user: UNLIMITED, per_issuer: UNLIMITED },
    rc_room_creation: UNLIMITED,
    rc_federation: {
      window_size: 1000,
      sleep_limit: 100_000,
      reject_limit: 100_000,
      concurrent: 100,
    },
  });
}

export function synapseLogConfig(file: string): string {
  return JSON.stringify({
    version: 1,
    disable_existing_loggers: false,
    formatters: { line: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
    handlers: {
      file: { class: 'logging.FileHandler', filename: file, formatter: 'line' },
      console: { class: 'logging.StreamHandler', formatter: 'line' },
    },
    root: { level: 'INFO', handlers: ['file', 'console'] },
  });
}
