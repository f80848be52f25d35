import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Random } from '@hansa/net';
import type { SigningKey } from '@hansa/protocol';
import { parseConfig } from '../config/parse-config.ts';
import type { Config } from '../config/schema.ts';
import { loadOrCreateSigningKey } from './signing-key-file.ts';

export interface TlsIdentity {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

/** The configuration and everything that its paths lead to. */
export interface Installation {
  readonly config: Config;
  readonly databaseFile: string;
  readonly signingKey: SigningKey;
  readonly clientTls: TlsIdentity | undefined;
  readonly federationTls: TlsIdentity | undefined;
  /** PEM. */
  readonly authorities: readonly string[];
}

/**
 * Reads a configuration file and what it names; makes the data folder and the signing key at first start.
 * @throws ConfigError, and errors of the file system that name the file
 */
export async function loadInstallation(configFile: string, random: Random): Promise<Installation> {
  const config = parseConfig(await readFile(configFile, 'utf8'), configFile);
  const folder = dirname(resolve(configFile));
  const inFolder = (path: string) => resolve(folder, path);
  const read = (path: string) => readFile(inFolder(path), 'utf8');
  const readTls = async (tls: Config['client']['tls']): Promise<TlsIdentity | undefined> =>
    tls && { cert: await read(tls.certificate), key: await read(tls.key) };

  const data = inFolder(config.data);
  await mkdir(data, { recursive: true, mode: 0o700 });
  return {
    config,
    databaseFile: join(data, 'hansa.db'),
    signingKey: await loadOrCreateSigningKey(join(data, 'signing.key'), random),
    clientTls: await readTls(config.client.tls),
    federationTls: await readTls(config.federation.listen.tls),
    authorities: await Promise.all((config.federation.certificateAuthorities ?? []).map(read)),
  };
}
