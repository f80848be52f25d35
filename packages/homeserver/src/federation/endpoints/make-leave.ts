import type { RoomId, ServerName, UserId } from '@hansa/protocol';
import type { RemoteTemplate } from '../../engine/federation-port.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';
import { readTemplate } from './read-template.ts';

/** `GET /make_leave/{roomId}/{userId}` */
export async function makeLeave(
  http: FederationHttp,
  server: ServerName,
  roomId: RoomId,
  userId: UserId,
): Promise<RemoteTemplate> {
  const path = requestPath`/_matrix/federation/v1/make_leave/${roomId}/${userId}`;
  return await http.call({ server, method: 'GET', path }, readTemplate);
}
