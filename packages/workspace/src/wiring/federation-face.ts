import manifest from '../../package.json' with { type: 'json' };
import {
  createApp,
  createHeaderCheck,
  createRequestAuthenticator,
  federationRoutes,
} from '@hansa/homeserver';
import type { Parts } from './parts.ts';
import type { Outward } from './wire-outward.ts';
import type { Services } from './wire-services.ts';

/** What other servers are served by. */
export function createFederationFace(
  { installation, store, effects, log, measures }: Parts,
  { own, keyRing }: Outward,
  { rooms, outbox, media, notices, receipts }: Services,
) {
  const { config } = installation;
  const { clock, random } = effects;
  const { serverName } = own;
  const { engine, views } = rooms;
  const signatures = {
    serverName,
    keyRing,
    requireDestination: config.federation.requireDestination ?? false,
  };
  const authenticateServer = createRequestAuthenticator(signatures);
  return createApp({
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
}
