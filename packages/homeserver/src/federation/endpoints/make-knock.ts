import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import type { RoomId, ServerName, UserId } from '@hansa/protocol';
import type { RemoteTemplate } from '../../engine/federation-port.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath, withQuery } from '../request-path.ts';
import { readTemplate } from './read-template.ts';

/** `GET /make_knock/{roomId}/{userId}` */
export async function makeKnock(
  http: FederationHttp,
  server: ServerName,
  roomId: RoomId,
  userId: UserId,
): Promise<RemoteTemplate> {
  const path = requestPath`/_matrix/federation/v1/make_knock/${roomId}/${userId}`;
  const versions = SUPPORTED_ROOM_VERSIONS.map((version) => ['ver', version] as const);
  return await http.call({ server, method: 'GET', path: withQuery(path, versions) }, readTemplate);
}
