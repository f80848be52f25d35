import { createApp } from '@hansa/homeserver';
import { listenLocally } from './effects/listen-locally.ts';
import { listen } from './listen.ts';
import { addUserRoute } from './local-api/add-user-route.ts';
import type { Gauges } from './metrics/measures.ts';
import { createClientFace } from './wiring/client-face.ts';
import { createFederationFace } from './wiring/federation-face.ts';
import type { Parts } from './wiring/parts.ts';
import { wireOutward } from './wiring/wire-outward.ts';
import { wireServices } from './wiring/wire-services.ts';

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
  const { installation, log, surroundings } = parts;
  const { config } = installation;
  const outward = wireOutward(parts);
  const services = wireServices(parts, outward);
  const { rooms, outbox, media, thumbnailer, housekeeping, accounts, typing, sync } = services;
  const clientApp = createClientFace(parts, outward, services);
  const federationApp = createFederationFace(parts, outward, services);
  const localApp = createApp({ routes: [addUserRoute({ accounts })], authenticators: {}, log });

  return {
    gauges: {
      countLanes: () => outbox.countLanes(),
      countSyncWaiters: () => sync.waiting,
    },
    async start() {
      await rooms.start();
      const open = surroundings?.listen ?? listen;
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
      thumbnailer.stop();
      await localApp.close();
      typing.stop();
      await clientApp.close();
      await outbox.stop();
      await federationApp.close();
      await rooms.stop();
      await outward.transport.close();
    },
  };
}
