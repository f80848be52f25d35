import type { Clock, Random } from '@hansa/net';
import type { Readers } from '@hansa/storage';
import type { ReceivedPdus, RoomEngine } from '../engine/room-engine.ts';
import type { RoomViews } from '../engine/room-views.ts';
import type { Receipts, TypingNotices } from '../ephemeral/index.ts';
import type { Route } from '../http/index.ts';
import type { MediaRepository } from '../media/index.ts';
import type { OwnIdentity } from '../own-identity.ts';
import { version } from './discovery/version.ts';
import { wellKnownServer } from './discovery/well-known-server.ts';
import { claimKeys } from './encryption/claim-keys.ts';
import { queryKeys } from './encryption/query-keys.ts';
import { userDevices } from './encryption/user-devices.ts';
import { backfill } from './events/backfill.ts';
import { getEventAuth } from './events/get-event-auth.ts';
import { getEvent } from './events/get-event.ts';
import { getMissingEvents } from './events/get-missing-events.ts';
import { getStateIds } from './events/get-state-ids.ts';
import { getState } from './events/get-state.ts';
import { download } from './media/download.ts';
import { thumbnail } from './media/thumbnail.ts';
import { Notary, type KeyDocuments } from './keys/notary.ts';
import { OwnKeyDocument } from './keys/own-key-document.ts';
import { queryKeysOfServer } from './keys/query-keys-of-server.ts';
import { queryKeysOfServers } from './keys/query-keys-of-servers.ts';
import { serverKeys } from './keys/server-keys.ts';
import { inviteV1 } from './membership/invite-v1.ts';
import { inviteV2 } from './membership/invite-v2.ts';
import { makeJoin } from './membership/make-join.ts';
import { makeKnock } from './membership/make-knock.ts';
import { makeLeave } from './membership/make-leave.ts';
import { sendJoin } from './membership/send-join.ts';
import { sendKnock } from './membership/send-knock.ts';
import { sendLeave } from './membership/send-leave.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { listPublicRooms } from './queries/list-public-rooms.ts';
import { queryDirectory } from './queries/query-directory.ts';
import { queryProfile } from './queries/query-profile.ts';
import { searchPublicRooms } from './queries/search-public-rooms.ts';
import { ServerAccess } from './server-access.ts';
import { receiveTransaction } from './transactions/receive-transaction.ts';

export interface FederationApiPorts {
  readonly own: OwnIdentity;
  readonly engine: RoomEngine;
  readonly views: RoomViews;
  readonly readers: Pick<Readers, 'accounts' | 'directory'>;
  readonly typing: Pick<TypingNotices, 'receive'>;
  readonly receipts: Pick<Receipts, 'receive'>;
  readonly media: Pick<MediaRepository, 'getOwn' | 'library' | 'thumbnails'>;
  readonly keyRing: KeyDocuments;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  /** Told of what became of the events of each transaction. */
  readonly received?: ((pdus: ReceivedPdus) => void) | undefined;
  /** Of this software. */
  readonly version: string;
  /** Server name, with a port or without, that speaks for ours; where we have it answered by well-known. */
  readonly delegate: string | undefined;
}

/** Every endpoint that other servers call. Throws where one is open to unsigned calls that the list of those does not name. */
export function federationRoutes(ports: FederationApiPorts): readonly Route[] {
  const { own, readers, views, clock } = ports;
  const ownDocument = new OwnKeyDocument(ports);
  const notary = new Notary({ ...ports, ownDocument });
  const shared = {
    ...readers,
    ...ports,
    serverName: own.serverName,
    access: new ServerAccess(views),
  };
  const routes = [
    wellKnownServer(ports),
    version(ports),
    serverKeys(ownDocument),
    queryKeysOfServer(notary, clock),
    queryKeysOfServers(notary, clock),
    makeJoin(shared),
    sendJoin(shared),
    makeKnock(shared),
    sendKnock(shared),
    makeLeave(shared),
    sendLeave(shared),
    inviteV1(shared),
    inviteV2(shared),
    receiveTransaction(shared),
    backfill(shared),
    getMissingEvents(shared),
    getEvent(shared),
    getEventAuth(shared),
    getState(shared),
    getStateIds(shared),
    queryDirectory(shared),
    queryProfile(shared),
    listPublicRooms(shared),
    searchPublicRooms(shared),
    download(ports),
    thumbnail(ports),
    userDevices(shared),
    queryKeys(),
    claimKeys(),
  ];
  for (const { auth, method, path } of routes) {
    if (auth !== 'federation' && !PUBLIC_ROUTES.has(`${method} ${path}`)) {
      throw new TypeError(`${method} ${path} is open to unsigned calls`);
    }
  }
  return routes;
}
