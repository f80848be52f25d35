import { createTransport, systemEffects } from '@hansa/net';
import type { StaticHosts, Transport } from '@hansa/net';
import { createSigningKey } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore } from '@hansa/storage';
import type { TestCa } from '@hansa/testkit';
import type { FastifyInstance } from 'fastify';
import { federationRoutes } from '../../federation-api/index.ts';
import { stubPorts } from '../../federation-api/testing/stub-ports.ts';
import { createApp } from '../../http/index.ts';
import type { OwnIdentity } from '../../own-identity.ts';
import {
  createFederationClient,
  createHeaderCheck,
  createRequestAuthenticator,
  FederationHttp,
  getServerKeys,
  KeyRing,
  queryServerKeys,
} from '../index.ts';
import type { FederationClient } from '../index.ts';

export interface FederatedServer {
  readonly own: OwnIdentity;
  readonly transport: Transport;
  readonly http: FederationHttp;
  readonly client: FederationClient;
  /** Listens where the static hosts say, again after `down` too. */
  up(): Promise<void>;
  down(): Promise<void>;
  stop(): Promise<void>;
}

/** A server's way in and out, over real sockets and TLS; behind it only what a test gives. */
export async function createFederatedServer(options: {
  readonly name: string;
  readonly ca: TestCa;
  readonly staticHosts: StaticHosts;
  readonly ports?: Parameters<typeof stubPorts>[0];
  /** Of its signing key. */
  readonly seed?: number;
}): Promise<FederatedServer> {
  const serverName = options.name as ServerName;
  const seed = new Uint8Array(32).fill(options.seed ?? serverName.length);
  const own = { serverName, signingKey: createSigningKey('a', seed), retiredKeys: [] };
  const effects = systemEffects();
  const transport = createTransport({
    effects,
    authorities: [options.ca.certificate],
    allowedRanges: ['127.0.0.0/8'],
    staticHosts: options.staticHosts,
  });
  const http = new FederationHttp({ own, transport });
  const store = await openSqliteStore(createMemoryDisk());
  const keyRing = new KeyRing({
    own,
    store,
    fetchKeys: (server) => getServerKeys(http, server),
    askNotary: (notary, server) => queryServerKeys(http, notary, server),
    report() {},
    clock: effects.clock,
    random: effects.random,
  });
  const tls = await options.ca.issue([serverName]);
  const signatures = { serverName, keyRing, requireDestination: false };
  let app: FastifyInstance | undefined;
  const down = async (): Promise<void> => {
    await app?.close();
    app = undefined;
  };
  return {
    own,
    transport,
    http,
    client: createFederationClient(http),
    down,
    async up() {
      app = createApp({
        tls,
        routes: federationRoutes({ ...stubPorts(options.ports ?? {}), own, clock: effects.clock }),
        authenticators: {
          federationHeader: createHeaderCheck(signatures),
          federation: createRequestAuthenticator(signatures),
        },
        log: { debug() {}, info() {}, warn() {}, error() {} },
      });
      await app.listen(options.staticHosts.get(serverName) ?? { port: 0 });
    },
    async stop() {
      await transport.close();
      await down();
      await store.close();
    },
  };
}
