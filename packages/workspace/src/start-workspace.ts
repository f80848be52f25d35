import { systemEffects } from '@hansa/net';
import { openSqliteStore } from '@hansa/storage';
import { pino } from 'pino';
import { createContext } from './context.ts';
import { loadInstallation } from './effects/load-installation.ts';

/** A running workspace. Disposing it finishes what was acknowledged and closes the database. */
export interface Workspace extends AsyncDisposable {
  /** Tells the log that it is ready, and where. */
  announce(): void;
}

/** @throws ConfigError for a mistake in the configuration file */
export async function startWorkspace(configFile: string): Promise<Workspace> {
  const effects = systemEffects();
  const installation = await loadInstallation(configFile, effects.random);
  const { config } = installation;
  const log = pino({ level: config.logLevel ?? 'info', base: { server: config.serverName } });
  const store = await openSqliteStore(installation.databaseFile);
  const context = createContext({ installation, store, effects, log });
  await context.start();
  return {
    announce() {
      log.info({ clients: config.client, federation: config.federation.listen }, 'ready');
    },
    async [Symbol.asyncDispose]() {
      await context.stop();
      await store.close();
    },
  };
}
