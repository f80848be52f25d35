import type { JsonObject, Pdu, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';
import { EventList } from './bounds.ts';

const readAnswer = answerOf(Type.Object({ knock_room_state: EventList }));

/** `PUT /send_knock/{roomId}/{eventId}`: what the server tells of the room. */
export async function sendKnock(
  http: FederationHttp,
  server: ServerName,
  pdu: Pdu,
): Promise<readonly JsonObject[]> {
  const path = requestPath`/_matrix/federation/v1/send_knock/${pdu.roomId}/${pdu.eventId}`;
  const request = { server, method: 'PUT', path, content: pdu.json } as const;
  return (await http.call(request, readAnswer)).knock_room_state;
}
