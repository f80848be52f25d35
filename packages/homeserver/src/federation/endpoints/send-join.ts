import type { Pdu, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RemoteJoin } from '../../engine/federation-port.ts';
import { AnyObject } from '../../http/index.ts';
import { answerOf, badAnswer } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';
import { EventList, STATE_LIMITS } from './bounds.ts';

const readAnswer = answerOf(
  Type.Object({
    state: EventList,
    auth_chain: EventList,
    event: Type.Optional(AnyObject),
    members_omitted: Type.Optional(Type.Boolean()),
  }),
);

/** `PUT /v2/send_join/{roomId}/{eventId}`, asking for the whole state. */
export async function sendJoin(
  http: FederationHttp,
  server: ServerName,
  pdu: Pdu,
): Promise<RemoteJoin> {
  const path = requestPath`/_matrix/federation/v2/send_join/${pdu.roomId}/${pdu.eventId}`;
  const answer = await http.call(
    { server, method: 'PUT', path, content: pdu.json, limits: STATE_LIMITS },
    readAnswer,
  );
  if (answer.members_omitted === true) {
    throw badAnswer(server, 'members_omitted, which nobody asked for');
  }
  return { state: answer.state, authChain: answer.auth_chain, event: answer.event };
}
