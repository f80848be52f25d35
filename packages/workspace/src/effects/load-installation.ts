import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConfigDocument, SettingPath } from '../config/config-document.ts';
import { readOverrides, type Environment } from '../config/overrides.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { Config } from '../config/schema.ts';
import { StartError } from '../start-error.ts';
import { explainFileError } from './explain-file-error.ts';
import { checkCertificate, checkIdentity, type TlsIdentity } from './tls-identity.ts';

/** The configuration and everything that its paths lead to. */
export interface Installation {
  readonly config: Config;
  /** Tells what is wrong with a setting, and where it stands. */
  readonly document: ConfigDocument;
  readonly databaseFile: string;
  /** The folder of media, made when there are any. */
  readonly mediaFolder: string;
  /** Where `hansa user add` reaches the running workspace. */
  readonly socketFile: string;
  readonly clientTls: TlsIdentity | undefined;
  readonly federationTls: TlsIdentity | undefined;
  /** PEM. */
  readonly authorities: readonly string[];
}

/**
 * Reads a configuration file, what overrides it and what it names; makes the data folder at first start.
 * @throws StartError, as a ConfigError where a setting is at fault
 */
export async function loadInstallation(
  configFile: string,
  environment: Environment,
): Promise<Installation> {
  const text = await readFile(configFile, 'utf8').catch((error: unknown) => {
    throw new StartError(explainFileError(error, resolve(configFile)), { cause: error });
  });
  const { config, document } = parseConfig(text, configFile, readOverrides(environment));
  const folder = dirname(resolve(configFile));
  const files = new NamedFiles(folder, document);
  const { client, federation } = config;
  const authorities = federation.certificateAuthorities ?? [];
  const data = resolve(folder, config.data);
  await files.use(['data'], () => mkdir(data, { recursive: true, mode: 0o700 }));
  return {
    config,
    document,
    databaseFile: join(data, 'hansa.db'),
    mediaFolder: join(data, 'media'),
    socketFile: join(data, 'hansa.sock'),
    clientTls: await files.readTls(client.tls, ['client', 'tls']),
    federationTls: await files.readTls(federation.listen.tls, ['federation', 'listen', 'tls']),
    authorities: await Promise.all(
      authorities.map((path, index) =>
        files.read(path, ['federation', 'certificateAuthorities', index], checkCertificate),
      ),
    ),
  };
}

/** Files that settings name: what is wrong with one is told where the setting stands. */
class NamedFiles {
  readonly #folder: string;
  readonly #document: ConfigDocument;

  constructor(folder: string, document: ConfigDocument) {
    this.#folder = folder;
    this.#document = document;
  }

  async readTls(
    tls: Config['client']['tls'],
    setting: SettingPath,
  ): Promise<TlsIdentity | undefined> {
    if (tls === undefined) return undefined;
    const cert = await this.read(tls.certificate, [...setting, 'certificate'], checkCertificate);
    const key = await this.read(tls.key, [...setting, 'key'], (pem) =>
      checkIdentity({ key: pem, cert }),
    );
    return { key, cert };
  }

  read(path: string, setting: SettingPath, check: (text: string) => void): Promise<string> {
    return this.use(setting, async () => {
      const text = await readFile(resolve(this.#folder, path), 'utf8');
      try {
        check(text);
      } catch (error) {
        throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      return text;
    });
  }

  async use<T>(setting: SettingPath, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const what = `"${setting.join('.')}": ${explainFileError(error)}.`;
      throw this.#document.errorAt(setting, what, error);
    }
  }
}
