import { member, parseMxcUri, parseRoomId, type JsonObject } from '@hansa/protocol';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';

interface Ports {
  readonly views: AccessReads;
}

/** `GET /rooms/{roomId}/joined_members` */
export function joinedMembers({ views }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/joined_members',
    auth: 'token',
    params: { roomId: parseRoomId },
    handler: async ({ session, params }) => {
      const { state, isJoined } = await roomAccess(views, params.roomId, session.userId);
      if (!isJoined) throw forbidden('You are not in this room.');
      const joined = (await state.list('m.room.member')).filter(
        (pdu) => member(pdu.content, 'membership') === 'join',
      );
      return {
        joined: Object.fromEntries(
          joined.map(({ stateKey, content }) => [stateKey ?? '', shownProfile(content)]),
        ),
      };
    },
  });
}

function shownProfile(content: JsonObject): JsonObject {
  const displayName = member(content, 'displayname');
  const avatarUrl = member(content, 'avatar_url');
  return {
    ...(typeof displayName === 'string' ? { display_name: displayName } : {}),
    ...(typeof avatarUrl === 'string' && parseMxcUri(avatarUrl).ok
      ? { avatar_url: avatarUrl }
      : {}),
  };
}
