import type { EventId, JsonObject, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';

const readAnswer = answerOf(Type.Object({ pdus: Type.Array(AnyObject, { maxItems: 1 }) }));

/** `GET /event/{eventId}`; `undefined` where the server does not have it. */
export async function getEvent(
  http: FederationHttp,
  server: ServerName,
  eventId: EventId,
): Promise<JsonObject | undefined> {
  const path = requestPath`/_matrix/federation/v1/event/${eventId}`;
  const answer = await http.find({ server, method: 'GET', path }, readAnswer);
  return answer?.pdus[0];
}
