import type { EventId, RoomId, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RemoteState } from '../../engine/federation-port.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath, withQuery } from '../request-path.ts';
import { EventList, STATE_LIMITS } from './bounds.ts';

const readAnswer = answerOf(Type.Object({ pdus: EventList, auth_chain: EventList }));

/** `GET /state/{roomId}`: the state before the event, and its auth chain. */
export async function getState(
  http: FederationHttp,
  server: ServerName,
  roomId: RoomId,
  eventId: EventId,
): Promise<RemoteState> {
  const path = withQuery(requestPath`/_matrix/federation/v1/state/${roomId}`, [
    ['event_id', eventId],
  ]);
  const answer = await http.call({ server, method: 'GET', path, limits: STATE_LIMITS }, readAnswer);
  return { state: answer.pdus, authChain: answer.auth_chain };
}
