import { systemEffects, type Effects } from '@hansa/net';
import { pino } from 'pino';
import type { Environment } from './config/overrides.ts';
import { createContext } from './context.ts';
import { listCertificateFaults } from './effects/certificate-faults.ts';
import { FolderMediaDisk } from './effects/folder-media-disk.ts';
import { loadInstallation } from './effects/load-installation.ts';
import { serveMetrics } from './effects/serve-metrics.ts';
import { settleIdentity } from './effects/settle-identity.ts';
import { startPictureProcess } from './effects/start-picture-process.ts';
import { describeLoggedError } from './log-error.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { measureStore } from './metrics/measure-store.ts';
import { openStore } from './open-store.ts';
import { StartError } from './start-error.ts';

/** A running workspace. Disposing it finishes what was acknowledged, closes the database and says so in the log. */
export interface Workspace extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8008`. */
  readonly clientUrl: string;
  readonly federationUrl: string;
  /** Of `/metrics`, where those are asked for. */
  readonly metricsUrl: string | undefined;
  /**
   * Resolves when nothing can be stored any more, with what happened. Every request that would store is refused then, and
   * who starts it again has all that was acknowledged.
   */
  readonly lost: Promise<StartError>;
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
    level: config.logLevel,
    base: { workspace: config.serverName },
    serializers: { err: describeLoggedError },
  });
  for (const fault of listCertificateFaults(installation, effects.clock.now())) log.warn(fault);
  await using begun = new AsyncDisposableStack();
  const lost = Promise.withResolvers<StartError>();
  const opened = await openStore(installation, log, (fault) => {
    lost.resolve(new StartError(`Ended, as ${fault.message}.`, { cause: fault }));
  });
  const store = begun.adopt(opened, (open) => open.close());
  const { random } = effects;
  const signingKey = await settleIdentity({ installation, store, random, log });
  const metrics = config.metrics === undefined ? undefined : await createMetrics();
  const measures = metrics?.measures;
  const measured =
    measures === undefined ? store : measureStore(store, measures.committed, effects.clock);
  const mediaDisk = new FolderMediaDisk(installation.mediaFolder);
  const parts = {
    installation,
    signingKey,
    store: measured,
    mediaDisk,
    startPictureProcess,
    effects,
    log,
    measures,
  };
  const context = begun.adopt(createContext(parts), (running) => running.stop());
  const { clientUrl, federationUrl } = await context.start();
  let metricsUrl: string | undefined;
  if (metrics !== undefined && config.metrics !== undefined) {
    metrics.watch(context.gauges);
    const address = config.metrics;
    metricsUrl = begun.use(await serveMetrics({ metrics, address, log })).url;
  }
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
    metricsUrl,
    lost: lost.promise,
    announce() {
      log.info({ clients: clientUrl, federation: federationUrl, metrics: metricsUrl }, 'ready');
    },
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      log.info('stopped');
    },
  };
}
