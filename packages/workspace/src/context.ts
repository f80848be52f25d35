import manifest from '../package.json' with { type: 'json' };
import { createTransport, readDnsServers, readStaticHosts } from '@hansa/net';
import type { Effects, Transport } from '@hansa/net';
import {
  Accounts,
  argon2Hasher,
  clientRoutes,
  createApp,
  createFederationClient,
  createHeaderCheck,
  createRequestAuthenticator,
  createRoomEngine,
  createSignatureChecker,
  FederationHttp,
  federationRoutes,
  getServerKeys,
  Housekeeping,
  KeyRing,
  Outbox,
  sendTransaction,
  Sync,
  type Log,
  type PasswordHasher,
} from '@hansa/homeserver';
import type { SigningKey } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Installation } from './effects/load-installation.ts';
import { listen } from './listen.ts';

/** What a workspace has around it besides the effects. What is absent is that of the machine. */
export interface Surroundings {
  readonly transport?: Transport;
  readonly passwords?: PasswordHasher;
  readonly listen?: typeof listen<ReturnType<typeof createApp>>;
}

export interface Parts {
  readonly installation: Pick<
    Installation,
    'config' | 'authorities' | 'clientTls' | 'federationTls'
  >;
  readonly signingKey: SigningKey;
  readonly store: Store;
  readonly effects: Effects;
  readonly log: Log;
  readonly surroundings?: Surroundings;
}

/** Everything of one workspace, wired. The only place that knows all of it. */
export interface Context {
  /**
   * Answers where it listens.
   * @throws StartError where it cannot listen
   */
  start(): Promise<{ readonly clientUrl: string; readonly federationUrl: string }>;
  /** In the reverse order; calls under way are finished. Also after a start that failed. */
  stop(): Promise<void>;
}

export function createContext(parts: Parts): Context {
  const { installation, signingKey, store, effects, log, surroundings = {} } = parts;
  const { config } = installation;
  const { clock, timers, random } = effects;
  const { serverName } = config;
  const own = { serverName, signingKey, retiredKeys: [] };

  const transport =
    surroundings.transport ??
    createTransport({
      effects,
      authorities: installation.authorities,
      allowedRanges: config.federation.allowedRanges ?? [],
      staticHosts: readStaticHosts(config.federation.hosts ?? {}),
      dnsServers: readDnsServers(config.federation.dnsServers ?? []),
    });
  const http = new FederationHttp({ own, transport });
  const federation = createFederationClient(http);
  const keyRing = new KeyRing({
    own,
    store,
    fetchKeys: (server) => getServerKeys(http, server),
    clock,
    random,
  });
  const rooms = createRoomEngine({
    store,
    clock,
    random,
    timers,
    signingKey,
    serverName,
    federation,
    signatures: createSignatureChecker(keyRing),
    report: (problem, cause) => log.error({ err: cause }, problem),
  });
  const { engine, views, advances } = rooms;
  const outbox = new Outbox({
    serverName,
    store,
    send: (server, transaction, signal) => sendTransaction(http, server, transaction, signal),
    effects,
    log,
    advances,
  });
  const housekeeping = new Housekeeping({
    transactions: store.readers.clientTransactions,
    store,
    clock,
    timers,
    report: (problem, cause) => log.error({ err: cause }, problem),
  });
  const passwords = surroundings.passwords ?? argon2Hasher();
  const accounts = new Accounts({ store, clock, random, passwords, serverName });
  const { incarnation } = store;
  const sync = new Sync({ views, advances, timers, clock, incarnation });

  const clientApp = createApp({
    routes: clientRoutes({
      accounts,
      store,
      engine,
      views,
      sync,
      clock,
      random,
      log,
      serverName,
      publicUrl: config.publicUrl,
      registration: config.registration,
      defaultRoomVersion: config.defaultRoomVersion,
      incarnation,
      queryDirectory: (server, alias) => federation.queryDirectory(server, alias),
      queryPublicRooms: (server, query) => federation.queryPublicRooms(server, query),
      queryProfile: async (server, userId) => ({
        ...(await federation.queryProfile(server, userId)),
      }),
    }),
    authenticators: { token: (token) => accounts.authenticate(token) },
    log,
    ...(installation.clientTls === undefined ? {} : { tls: installation.clientTls }),
  });
  const signatures = { serverName, keyRing };
  const authenticateServer = createRequestAuthenticator(signatures);
  const federationApp = createApp({
    routes: federationRoutes({
      own,
      engine,
      views,
      readers: store.readers,
      clock,
      version: manifest.version,
      delegate: undefined,
    }),
    authenticators: {
      federationHeader: createHeaderCheck(signatures),
      federation: async (request) => {
        const origin = await authenticateServer(request);
        outbox.wake(origin);
        return origin;
      },
    },
    log,
    ...(installation.federationTls === undefined ? {} : { tls: installation.federationTls }),
  });

  return {
    async start() {
      await rooms.start();
      const open = surroundings.listen ?? listen;
      const federationUrl = await open(
        federationApp,
        'federation.listen',
        config.federation.listen,
      );
      const clientUrl = await open(clientApp, 'client', config.client);
      // Who gets something from us asks for our keys, so we listen first.
      await outbox.start();
      housekeeping.start();
      return { clientUrl, federationUrl };
    },
    async stop() {
      await housekeeping.stop();
      sync.stop();
      await clientApp.close();
      await outbox.stop();
      await federationApp.close();
      await rooms.stop();
      await transport.close();
    },
  };
}
