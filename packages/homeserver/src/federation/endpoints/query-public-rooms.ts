import { isRoomId, member, type JsonObject, type ServerName } from '@hansa/protocol';
import type { PublicRoom, PublicRoomsPage } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import { isRoomText } from '../../directory/is-room-text.ts';
import type { DirectoryQuery } from '../../directory/list-published-rooms.ts';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';

const MAX_ROOMS = 1_000;
const MAX_TOKEN_CHARS = 1_000;

const Token = Type.Optional(Type.String({ maxLength: MAX_TOKEN_CHARS }));
const readAnswer = answerOf(
  Type.Object({
    chunk: Type.Array(AnyObject, { maxItems: MAX_ROOMS }),
    next_batch: Token,
    prev_batch: Token,
    total_room_count_estimate: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
);

const TEXTS = ['name', 'topic', 'canonical_alias', 'avatar_url', 'join_rule', 'room_type'] as const;

/** `POST /publicRooms`. Of the answer only what the specification names is taken, and no room that is not one. */
export async function queryPublicRooms(
  http: FederationHttp,
  server: ServerName,
  { limit, since, filter }: DirectoryQuery,
): Promise<PublicRoomsPage> {
  const content = {
    // 0 has no meaning among servers: as many as a page of theirs holds.
    ...(limit === 0 ? {} : { limit: Math.min(limit, MAX_ROOMS) }),
    ...(since === undefined ? {} : { since }),
    ...(filter === undefined ? {} : { filter: { ...filter } }),
  };
  const path = '/_matrix/federation/v1/publicRooms';
  const answer = await http.call({ server, method: 'POST', path, content }, readAnswer);
  const { chunk, next_batch: next, prev_batch: prev, total_room_count_estimate: total } = answer;
  return {
    chunk: chunk.map(readRoom).filter((room) => room !== undefined),
    ...(next === undefined ? {} : { next_batch: next }),
    ...(prev === undefined ? {} : { prev_batch: prev }),
    ...(total === undefined ? {} : { total_room_count_estimate: total }),
  };
}

function readRoom(room: JsonObject): PublicRoom | undefined {
  const roomId = member(room, 'room_id');
  const members = member(room, 'num_joined_members');
  if (typeof roomId !== 'string' || !isRoomId(roomId) || typeof members !== 'number')
    return undefined;
  const texts = TEXTS.map((key) => [key, member(room, key)] as const);
  return {
    room_id: roomId,
    num_joined_members: members,
    world_readable: member(room, 'world_readable') === true,
    guest_can_join: member(room, 'guest_can_join') === true,
    ...Object.fromEntries(texts.filter(([field, text]) => isRoomText(field, text))),
  };
}
