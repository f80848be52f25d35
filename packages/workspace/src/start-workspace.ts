import { systemEffects, type Effects } from '@hansa/net';
import { openSqliteStore, type Store } from '@hansa/storage';
import { pino } from 'pino';
import { createContext } from './context.ts';
import { loadInstallation } from './effects/load-installation.ts';
import { StartError } from './start-error.ts';

/** A running workspace. Disposing it finishes what was acknowledged and closes the database. */
export interface Workspace extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8008`. */
  readonly clientUrl: string;
  readonly federationUrl: string;
  /** Tells the log that it is ready, and where. */
  announce(): void;
}

/**
 * Starts a workspace and answers when it listens. What was begun is ended when a later step fails.
 * @throws StartError, as a ConfigError for a mistake in the configuration file
 */
export async function startWorkspace(
  configFile: string,
  effects: Effects = systemEffects(),
): Promise<Workspace> {
  const installation = await loadInstallation(configFile, effects.random);
  const { config } = installation;
  const log = pino({ level: config.logLevel ?? 'info', base: { server: config.serverName } });
  await using begun = new AsyncDisposableStack();
  const store = begun.adopt(await openStore(installation.databaseFile), (open) => open.close());
  const context = begun.adopt(createContext({ installation, store, effects, log }), (running) =>
    running.stop(),
  );
  const { clientUrl, federationUrl } = await context.start();
  const running = begun.move();
  return {
    clientUrl,
    federationUrl,
    announce() {
      log.info({ clients: clientUrl, federation: federationUrl }, 'ready');
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function openStore(file: string): Promise<Store> {
  try {
    return await openSqliteStore(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The database cannot be opened: ${reason}.`, { cause: error });
  }
}
