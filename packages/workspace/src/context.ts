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
  createMedia,
  createMediaDownload,
  createRequestAuthenticator,
  createRoomEngine,
  createSignatureChecker,
  FederationHttp,
  FederationStreams,
  federationRoutes,
  getServerKeys,
  Housekeeping,
  KeyRing,
  Outbox,
  queryServerKeys,
  Receipts,
  registerBySecret,
  sendTransaction,
  sharpThumbnailer,
  Sync,
  Typing,
  TypingNotices,
  type Log,
  type MediaDisk,
  type PasswordHasher,
  type SendEdu,
} from '@hansa/homeserver';
import type { RoomId, SigningKey } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { listenLocally } from './effects/listen-locally.ts';
import { DEFAULT_MAX_REMOTE_BYTES, DEFAULT_MAX_UPLOAD_BYTES } from './config/schema.ts';
import type { Installation } from './effects/load-installation.ts';
import { listen } from './listen.ts';
import { addUserRoute } from './local-api/add-user-route.ts';
import { measureSending, type Gauges, type Measures } from './metrics/measures.ts';

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
  > &
    Partial<Pick<Installation, 'socketFile'>>;
  readonly signingKey: SigningKey;
  readonly store: Store;
  readonly mediaDisk: MediaDisk;
  readonly effects: Effects;
  readonly log: Log;
  /** Nothing is measured without it. */
  readonly measures?: Measures | undefined;
  readonly surroundings?: Surroundings;
}

/** Everything of one workspace, wired. The only place that knows all of it. */
export interface Context {
  /**
   * Answers where it listens.
   * @throws StartError where it cannot listen
   */
  start(): Promise<{ readonly clientUrl: string; readonly federationUrl: string }>;
  readonly gauges: Gauges;
  /** In the reverse order; calls under way are finished. Also after a start that failed. */
  stop(): Promise<void>;
}

export function createContext(parts: Parts): Context {
  const { installation, signingKey, store, mediaDisk, effects, log, measures } = parts;
  const { surroundings = {} } = parts;
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
    askNotary: (notary, server) => queryServerKeys(http, notary, server),
    report: (problem) => log.warn({}, problem),
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
    send: measureSending(
      (server, transaction, signal) => sendTransaction(http, server, transaction, signal),
      measures?.sent,
    ),
    effects,
    log,
    advances,
  });
  const media = createMedia({
    disk: mediaDisk,
    store,
    download: createMediaDownload(new FederationStreams({ own, transport })),
    thumbnailer: sharpThumbnailer(),
    clock,
    random,
    serverName,
    maxUploadBytes: config.media?.maxUploadBytes ?? DEFAULT_MAX_UPLOAD_BYTES,
    maxRemoteBytes: config.media?.maxRemoteBytes ?? DEFAULT_MAX_REMOTE_BYTES,
  });
  const housekeeping = new Housekeeping({
    sweepMedia: (isStopped) => media.sweeper.sweep(isStopped),
    transactions: store.readers.clientTransactions,
    store,
    clock,
    timers,
    report: (problem, cause) => log.error({ err: cause }, problem),
  });
  const passwords = surroundings.passwords ?? argon2Hasher();
  const accounts = new Accounts({ store, clock, random, passwords, serverName });
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
    routes: [
      ...clientRoutes({
        accounts,
        store,
        engine,
        views,
        sync,
        typing: notices,
        receipts,
        media,
        clock,
        random,
        log,
        serverName,
        publicUrl: config.publicUrl,
        registration: config.registration,
        defaultRoomVersion: config.defaultRoomVersion,
        rateLimit: config.rateLimit,
        incarnation,
        queryDirectory: (server, alias) => federation.queryDirectory(server, alias),
        queryPublicRooms: (server, query) => federation.queryPublicRooms(server, query),
        queryProfile: async (server, userId) => ({
          ...(await federation.queryProfile(server, userId)),
        }),
      }),
      ...registerBySecret({
        accounts,
        clock,
        random,
        serverName,
        registrationSharedSecret: config.registrationSharedSecret,
      }),
    ],
    authenticators: { token: (token) => accounts.authenticate(token) },
    log,
    answered: measures?.answered,
    ...(installation.clientTls === undefined ? {} : { tls: installation.clientTls }),
  });
  const localApp = createApp({ routes: [addUserRoute({ accounts })], authenticators: {}, log });
  const signatures = {
    serverName,
    keyRing,
    requireDestination: config.federation.requireDestination ?? false,
  };
  const authenticateServer = createRequestAuthenticator(signatures);
  const federationApp = createApp({
    routes: federationRoutes({
      own,
      engine,
      views,
      readers: store.readers,
      typing: notices,
      receipts,
      keyRing,
      media,
      clock,
      random,
      received: measures?.received,
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
    answered: measures?.answered,
    ...(installation.federationTls === undefined ? {} : { tls: installation.federationTls }),
  });

  return {
    gauges: {
      countLanes: () => outbox.countLanes(),
      countSyncWaiters: () => sync.waiting,
    },
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
      if (installation.socketFile !== undefined) {
        await listenLocally(localApp, installation.socketFile).catch((error: unknown) => {
          log.warn({ err: error }, '"hansa user add" will need this workspace to be stopped');
        });
      }
      return { clientUrl, federationUrl };
    },
    async stop() {
      await housekeeping.stop();
      sync.stop();
      media.stop();
      await localApp.close();
      typing.stop();
      await clientApp.close();
      await outbox.stop();
      await federationApp.close();
      await rooms.stop();
      await transport.close();
    },
  };
}
