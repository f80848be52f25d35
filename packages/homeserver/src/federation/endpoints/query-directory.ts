import { isRoomId, isServerName } from '@hansa/protocol';
import type { RoomAlias, RoomId, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { notFound } from '../../matrix-error.ts';
import { answerOf, badAnswer } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { withQuery } from '../request-path.ts';

const MAX_SERVERS = 10_000;

const readAnswer = answerOf(
  Type.Object({
    room_id: Type.String({ maxLength: 255 }),
    servers: Type.Array(Type.String({ maxLength: 300 }), { maxItems: MAX_SERVERS }),
  }),
);

/** `GET /query/directory`, of the server that the alias names. Throws `M_NOT_FOUND` where it knows none. */
export async function queryDirectory(
  http: FederationHttp,
  server: ServerName,
  alias: RoomAlias,
): Promise<{ readonly roomId: RoomId; readonly servers: readonly ServerName[] }> {
  const path = withQuery('/_matrix/federation/v1/query/directory', [['room_alias', alias]]);
  const answer = await http.find({ server, method: 'GET', path }, readAnswer);
  if (answer === undefined) throw notFound(`There is no room with the alias ${alias}.`);
  if (!isRoomId(answer.room_id)) throw badAnswer(server, 'room_id is not a room id');
  return { roomId: answer.room_id, servers: answer.servers.filter(isServerName) };
}
