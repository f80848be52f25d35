import type { RoomAlias, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { PublicRoomsPage } from '@hansa/protocol/wire';
import type { DirectoryQuery } from '../directory/list-published-rooms.ts';
import type { FederationPort } from '../engine/federation-port.ts';
import { backfill } from './endpoints/backfill.ts';
import { getEvent } from './endpoints/get-event.ts';
import { getMissingEvents } from './endpoints/get-missing-events.ts';
import { getStateIds } from './endpoints/get-state-ids.ts';
import { getState } from './endpoints/get-state.ts';
import { makeJoin } from './endpoints/make-join.ts';
import { makeKnock } from './endpoints/make-knock.ts';
import { makeLeave } from './endpoints/make-leave.ts';
import { queryDirectory } from './endpoints/query-directory.ts';
import { queryProfile } from './endpoints/query-profile.ts';
import type { RemoteProfile } from './endpoints/query-profile.ts';
import { queryPublicRooms } from './endpoints/query-public-rooms.ts';
import { sendInvite } from './endpoints/send-invite.ts';
import { sendJoin } from './endpoints/send-join.ts';
import { sendKnock } from './endpoints/send-knock.ts';
import { sendLeave } from './endpoints/send-leave.ts';
import type { FederationHttp } from './federation-http.ts';

/** What we ask of other servers, each endpoint in a file of its own. Failures are `RemoteServerError`. */
export interface FederationClient extends FederationPort {
  /** Throws `M_NOT_FOUND` where the server knows no such alias. */
  queryDirectory(
    server: ServerName,
    alias: RoomAlias,
  ): Promise<{ readonly roomId: RoomId; readonly servers: readonly ServerName[] }>;
  /** Throws `M_NOT_FOUND` where the server knows no such user. */
  queryProfile(
    server: ServerName,
    userId: UserId,
    field?: keyof RemoteProfile,
  ): Promise<RemoteProfile>;
  queryPublicRooms(server: ServerName, query: DirectoryQuery): Promise<PublicRoomsPage>;
}

export function createFederationClient(http: FederationHttp): FederationClient {
  return {
    makeJoin: (server, roomId, userId) => makeJoin(http, server, roomId, userId),
    sendJoin: (server, pdu) => sendJoin(http, server, pdu),
    makeLeave: (server, roomId, userId) => makeLeave(http, server, roomId, userId),
    sendLeave: (server, pdu) => sendLeave(http, server, pdu),
    makeKnock: (server, roomId, userId) => makeKnock(http, server, roomId, userId),
    sendKnock: (server, pdu) => sendKnock(http, server, pdu),
    invite: (server, pdu, inviteState) => sendInvite(http, server, pdu, inviteState),
    getMissingEvents: (server, query) => getMissingEvents(http, server, query),
    backfill: (server, roomId, from, limit) => backfill(http, server, { roomId, from, limit }),
    stateIds: (server, roomId, eventId) => getStateIds(http, server, roomId, eventId),
    state: (server, roomId, eventId) => getState(http, server, roomId, eventId),
    event: (server, eventId) => getEvent(http, server, eventId),
    queryDirectory: (server, alias) => queryDirectory(http, server, alias),
    queryProfile: (server, userId, field) => queryProfile(http, server, userId, field),
    queryPublicRooms: (server, query) => queryPublicRooms(http, server, query),
  };
}
