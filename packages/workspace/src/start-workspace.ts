import { systemEffects, type Effects } from '@hansa/net';
import { pino } from 'pino';
import type { Environment } from './config/overrides.ts';
import { createContext } from './context.ts';
import { listCertificateFaults } from './effects/certificate-faults.ts';
import { loadInstallation } from './effects/load-installation.ts';
import { settleIdentity } from './effects/settle-identity.ts';
import { describeLoggedError } from './log-error.ts';
import { openStore } from './open-store.ts';

/** A running workspace. Disposing it finishes what was acknowledged, closes the database and says so in the log. */
export interface Workspace extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8008`. */
  readonly clientUrl: string;
  readonly federationUrl: string;
  /** Tells the log that it is ready, and where. */
  announce(): void;
}

export interface StartOptions {
  /** Variables that override the file; none unless given. */
  readonly environment?: Environment;
  /** The system's unless given. */
  readonly effects?: Effects;
}

/**
 * Starts a workspace and answers when it listens. What was begun is ended when a later step fails.
 * @throws StartError, as a ConfigError for a mistake in the configuration file
 */
export async function startWorkspace(
  configFile: string,
  { environment = {}, effects = systemEffects() }: StartOptions = {},
): Promise<Workspace> {
  const installation = await loadInstallation(configFile, environment);
  const { config } = installation;
  const log = pino({
    level: config.logLevel ?? 'info',
    base: { workspace: config.serverName },
    serializers: { err: describeLoggedError },
  });
  for (const fault of listCertificateFaults(installation, effects.clock.now())) log.warn(fault);
  await using begun = new AsyncDisposableStack();
  const store = begun.adopt(await openStore(installation, log), (open) => open.close());
  const { random } = effects;
  const signingKey = await settleIdentity({ installation, store, random, log });
  const parts = { installation, signingKey, store, effects, log };
  const context = begun.adopt(createContext(parts), (running) => running.stop());
  const { clientUrl, federationUrl } = await context.start();
  if (!(await store.readers.accounts.hasAdmin())) {
    log.info(
      {},
      'there is no administrator yet: "hansa user add NAME --admin --config FILE" makes one',
    );
  }
  const running = begun.move();
  return {
    clientUrl,
    federationUrl,
    announce() {
      log.info({ clients: clientUrl, federation: federationUrl }, 'ready');
    },
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      log.info('stopped');
    },
  };
}
