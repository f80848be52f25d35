import { RemoteServerError } from '@hansa/net';
import { isArray, isObject, member } from '@hansa/protocol';
import type { JsonObject, Pdu, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import { answerOf, badAnswer } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';

const readAnswer = answerOf(Type.Object({ event: AnyObject }));

/**
 * `PUT /v2/invite/{roomId}/{eventId}`: the event with the invited server's signature. Of a room of version 1 or 2, a server
 * that does not know this endpoint is asked by the one before it.
 */
export async function sendInvite(
  http: FederationHttp,
  server: ServerName,
  pdu: Pdu,
  inviteState: readonly JsonObject[],
): Promise<JsonObject> {
  const path = requestPath`/_matrix/federation/v2/invite/${pdu.roomId}/${pdu.eventId}`;
  const content = {
    room_version: pdu.rules.id,
    event: pdu.json,
    invite_room_state: inviteState,
  };
  try {
    return (await http.call({ server, method: 'PUT', path, content }, readAnswer)).event;
  } catch (error) {
    if (!mayKnowOnlyVersion1(error, pdu)) throw error;
    return await sendInviteV1(http, server, pdu, inviteState);
  }
}

function mayKnowOnlyVersion1(error: unknown, pdu: Pdu): boolean {
  return (
    error instanceof RemoteServerError &&
    (error.status === 400 || error.status === 404) &&
    pdu.rules.eventFormat === 'id-and-hash'
  );
}

/** `PUT /v1/invite/{roomId}/{eventId}`, which answers `[200, { event }]`. */
async function sendInviteV1(
  http: FederationHttp,
  server: ServerName,
  pdu: Pdu,
  inviteState: readonly JsonObject[],
): Promise<JsonObject> {
  const path = requestPath`/_matrix/federation/v1/invite/${pdu.roomId}/${pdu.eventId}`;
  const content = { ...pdu.json, unsigned: { invite_room_state: inviteState } };
  return await http.call({ server, method: 'PUT', path, content }, (answer) => {
    const container = isArray(answer) ? answer[1] : undefined;
    const event = isObject(container) ? member(container, 'event') : undefined;
    if (!isObject(event)) throw badAnswer(server, 'no [200, { event }]');
    return event;
  });
}
