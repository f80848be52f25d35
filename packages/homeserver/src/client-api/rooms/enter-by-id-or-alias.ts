import {
  parseRoomAlias,
  parseRoomId,
  parseServerName,
  type RoomAlias,
  type RoomId,
  type ServerName,
} from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute, type ReadParam, type Route } from '../../http/index.ts';
import { invalidParam } from '../../matrix-error.ts';
import type { EnterRooms } from '../../membership/enter-rooms.ts';
import { REASON, withReason } from './reason.ts';

const MAX_SERVERS = 50;
const Servers = Type.Optional(
  Type.Array(Type.String({ maxLength: 255 }), { maxItems: MAX_SERVERS }),
);

/** `POST /join/{roomIdOrAlias}`, `POST /knock/{roomIdOrAlias}`; `server_name` is what older clients call `via`. */
export function enterByIdOrAlias(verb: 'join' | 'knock', rooms: EnterRooms): Route {
  return defineRoute({
    method: 'POST',
    path: `/_matrix/client/v3/${verb}/{roomIdOrAlias}`,
    auth: 'token',
    params: { roomIdOrAlias: parseRoomIdOrAlias },
    query: Type.Object({ via: Servers, server_name: Servers }),
    body: Type.Object(REASON),
    emptyBody: 'object',
    handler: async ({ session, params, query, body }) => {
      const via = [...(query.via ?? []), ...(query.server_name ?? [])].map(readServer);
      const request = { userId: session.userId, via, content: withReason(body) };
      const named = params.roomIdOrAlias;
      const roomId = isAlias(named)
        ? await rooms.byAlias({ ...request, alias: named })
        : await rooms.byId({ ...request, roomId: named });
      return { room_id: roomId };
    },
  });
}

function parseRoomIdOrAlias(text: string): ReadParam<RoomId | RoomAlias> {
  if (text.startsWith('#')) return parseRoomAlias(text);
  if (text.startsWith('!')) return parseRoomId(text);
  return { ok: false, reason: 'a room id starts with !, an alias with #' };
}

function isAlias(named: RoomId | RoomAlias): named is RoomAlias {
  return named.startsWith('#');
}

function readServer(text: string): ServerName {
  const server = parseServerName(text);
  if (!server.ok) throw invalidParam(`via: ${server.reason}`);
  return server.value;
}
