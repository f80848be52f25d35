import { RemoteServerError } from '@hansa/net';
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
  try {
    const { pdus } = await http.call({ server, method: 'GET', path }, readAnswer);
    return pdus[0];
  } catch (error) {
    if (error instanceof RemoteServerError && error.status === 404) return undefined;
    throw error;
  }
}
