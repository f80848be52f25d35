import manifest from '../package.json' with { type: 'json' };
import { createTransport, readStaticHosts, type Effects } from '@hansa/net';
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
  KeyRing,
  Outbox,
  Receipts,
  sendTransaction,
  Sync,
  Typing,
  TypingNotices,
  type Log,
  type SendEdu,
} from '@hansa/homeserver';
import {
  DEFAULT_ROOM_VERSION,
  type RoomId,
  type ServerName,
  type SigningKey,
} from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Installation } from './effects/load-installation.ts';
import { listen } from './listen.ts';

interface Parts {
  readonly installation: Installation;
  readonly signingKey: SigningKey;
  readonly store: Store;
  readonly effects: Effects;
  readonly log: Log;
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
  const { installation, signingKey, store, effects, log } = parts;
  const { config } = installation;
  const { clock, timers, random } = effects;
  // The configuration's check has parsed it.
  const serverName = config.serverName as ServerName;
  const own = { serverName, signingKey, retiredKeys: [] };

  const transport = createTransport({
    effects,
    authorities: installation.authorities,
    allowedRanges: config.federation.allowedRanges ?? [],
    staticHosts: readStaticHosts(config.federation.hosts ?? {}),
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
  const accounts = new Accounts({ store, clock, random, passwords: argon2Hasher(), serverName });
  const { incarnation } = store;
  const announce = (roomId: RoomId): void => advances.announce(roomId);
  const typing = new Typing({ clock, timers, onChange: announce });
  const sendEdu: SendEdu = (servers, edu) => outbox.sendEdu(servers, edu);
  const notices = new TypingNotices({ typing, views, clock, serverName, sendEdu });
  const receipts = new Receipts({ store, views, clock, serverName, sendEdu, onChange: announce });
  const sync = new Sync({
    views,
    receipts: store.readers.receipts,
    typing,
    advances,
    timers,
    clock,
    incarnation,
  });

  const clientApp = createApp({
    routes: clientRoutes({
      accounts,
      store,
      engine,
      views,
      sync,
      typing: notices,
      receipts,
      clock,
      random,
      log,
      serverName,
      publicUrl: config.publicUrl,
      registration: config.registration ?? 'closed',
      defaultRoomVersion: config.defaultRoomVersion ?? DEFAULT_ROOM_VERSION,
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
      typing: notices,
      receipts,
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
      const federationUrl = await listen(
        federationApp,
        'federation.listen',
        config.federation.listen,
      );
      const clientUrl = await listen(clientApp, 'client', config.client);
      // Who gets something from us asks for our keys, so we listen first.
      await outbox.start();
      return { clientUrl, federationUrl };
    },
    async stop() {
      sync.stop();
      typing.stop();
      await clientApp.close();
      await outbox.stop();
      await federationApp.close();
      await rooms.stop();
      await transport.close();
    },
  };
}
