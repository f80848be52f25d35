import { isEventId } from '@hansa/protocol';
import type { EventId, RoomId, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RemoteStateIds } from '../../engine/federation-port.ts';
import { answerOf, badAnswer } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath, withQuery } from '../request-path.ts';
import { EventIdList, STATE_LIMITS } from './bounds.ts';

const readAnswer = answerOf(Type.Object({ pdu_ids: EventIdList, auth_chain_ids: EventIdList }));

/** `GET /state_ids/{roomId}`: ids of the state before the event, and of its auth chain. */
export async function getStateIds(
  http: FederationHttp,
  server: ServerName,
  roomId: RoomId,
  eventId: EventId,
): Promise<RemoteStateIds> {
  const path = withQuery(requestPath`/_matrix/federation/v1/state_ids/${roomId}`, [
    ['event_id', eventId],
  ]);
  const answer = await http.call({ server, method: 'GET', path, limits: STATE_LIMITS }, readAnswer);
  return {
    state: eventIds(server, 'pdu_ids', answer.pdu_ids),
    authChain: eventIds(server, 'auth_chain_ids', answer.auth_chain_ids),
  };
}

function eventIds(server: ServerName, key: string, ids: readonly string[]): readonly EventId[] {
  if (!ids.every(isEventId)) throw badAnswer(server, `${key} holds what is not an event id`);
  return ids;
}
