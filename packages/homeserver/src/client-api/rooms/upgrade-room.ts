import { findRoomVersion, parseRoomId, parseUserId, type UserId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../http/index.ts';
import { invalidParam, unsupportedRoomVersion } from '../../matrix-error.ts';
import type { UpgradeRooms } from '../../room-creation/upgrade-rooms.ts';

const MAX_CREATORS = 100;

/** `POST /rooms/{roomId}/upgrade` */
export function upgradeRoom(rooms: UpgradeRooms): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/upgrade',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object({
      new_version: Type.String({ maxLength: 32 }),
      additional_creators: Type.Optional(
        Type.Array(Type.String({ maxLength: 255 }), { maxItems: MAX_CREATORS }),
      ),
    }),
    handler: async ({ session: { userId }, params: { roomId }, body }) => {
      const rules = findRoomVersion(body.new_version);
      if (rules === undefined) throw unsupportedRoomVersion(body.new_version);
      const given = rules.auth.privilegedCreators ? (body.additional_creators ?? []) : [];
      const additionalCreators = [...new Set(given.map(readCreator))];
      const upgrade = { roomId, userId, rules, additionalCreators };
      return { replacement_room: await rooms.upgrade(upgrade) };
    },
  });
}

function readCreator(text: string): UserId {
  const userId = parseUserId(text);
  if (!userId.ok) throw invalidParam(`additional_creators: ${userId.reason}`);
  return userId.value;
}
