import type { ServerName } from '@hansa/protocol';
import type { Route } from '../../http/index.ts';
import { clientRoutes, type ClientApiPorts } from '../client-routes.ts';

/** The table of the client API without anything behind it: what is declared, not what it does. */
export function declaredRoutes(): readonly Route[] {
  const ports: ClientApiPorts = {
    accounts: nothing(),
    store: nothing(),
    engine: nothing(),
    views: nothing(),
    sync: nothing(),
    typing: nothing(),
    receipts: nothing(),
    media: nothing(),
    clock: nothing(),
    random: nothing(),
    log: nothing(),
    serverName: 'harbour.example' as ServerName,
    publicUrl: undefined,
    registration: 'open',
    defaultRoomVersion: '12',
    rateLimit: 0,
    incarnation: 'incarnation',
    queryDirectory: nothing(),
    queryPublicRooms: nothing(),
    queryProfile: nothing(),
  };
  return clientRoutes(ports);
}

/** Has every property, and fails when one is used. */
function nothing<T extends object>(): T {
  const proxy: unknown = new Proxy(() => {}, {
    get: () => nothing<object>(),
    apply() {
      throw new Error('there is nothing behind the declared routes');
    },
  });
  return proxy as T;
}

const SAMPLES: Readonly<Record<string, string>> = {
  roomId: '!room:harbour.example',
  roomIdOrAlias: '!room:harbour.example',
  roomAlias: '#alias:harbour.example',
  userId: '@user:harbour.example',
  eventId: '$0reGTki7ZknTS7ie_9yV10bzjFVunwm760ukXQ0iEE8',
  deviceId: 'PHONE',
  eventType: 'm.room.name',
  stateKey: 'key',
  txnId: 't1',
  filterId: 'f1',
  keyName: 'displayname',
  receiptType: 'm.read',
  serverName: 'harbour.example',
  mediaId: 'media',
  fileName: 'file.txt',
};

/** The path with a value for each of its names; `overrides` by name, percent-encoded here. */
export function samplePath(path: string, overrides: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{([A-Za-z]+)\}/g, (_, name: string) =>
    encodeURIComponent(overrides[name] ?? SAMPLES[name] ?? name),
  );
}
