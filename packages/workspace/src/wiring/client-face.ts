import { clientRoutes, createApp, registerBySecret } from '@hansa/homeserver';
import type { Parts } from './parts.ts';
import type { Outward } from './wire-outward.ts';
import type { Services } from './wire-services.ts';

/** What people's clients are served by. */
export function createClientFace(
  { installation, store, effects, log, measures }: Parts,
  { own, federation }: Outward,
  { rooms, media, accounts, notices, receipts, sync }: Services,
) {
  const { config } = installation;
  const { clock, random } = effects;
  const { serverName } = own;
  const { engine, views } = rooms;
  const { incarnation } = store;
  return createApp({
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
    trustedProxies: config.client.trustedProxies,
    ...(installation.clientTls === undefined ? {} : { tls: installation.clientTls }),
  });
}
