import type { Pdu, ServerName } from '@hansa/protocol';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';

/** `PUT /v2/send_leave/{roomId}/{eventId}` */
export async function sendLeave(http: FederationHttp, server: ServerName, pdu: Pdu): Promise<void> {
  const path = requestPath`/_matrix/federation/v2/send_leave/${pdu.roomId}/${pdu.eventId}`;
  await http.call({ server, method: 'PUT', path, content: pdu.json }, () => undefined);
}
