import type { JsonObject } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { RoomBuilder, userId } from './room-builder.ts';

/**
 * A public room of alice (creator), mod and mia (level 50), bob and carol (level 0), all joined. Alice's level is
 * 100, or what creators have. The content of the power levels can be overridden.
 */
export function standardRoom(version: RoomVersionId, levels: JsonObject = {}): RoomBuilder {
  const room = new RoomBuilder(version);
  room.create('alice');
  room.join('alice');
  room.powerLevels('alice', standardLevels(room, levels));
  room.joinRule('alice', 'public');
  for (const user of ['mod', 'mia', 'bob', 'carol']) room.join(user);
  return room;
}

/** Power levels of the standard room, with other members of the content beside `users`. */
export function standardLevels(room: RoomBuilder, levels: JsonObject = {}): JsonObject {
  return { users: usersWith(room, {}), ...levels };
}

/** `users` of the standard room and further ones, by name; where creators stand above all levels, they are left out. */
export function usersWith(room: RoomBuilder, others: JsonObject): JsonObject {
  const named = Object.entries({ mod: 50, mia: 50, ...others });
  const creator = room.rules.auth.privilegedCreators ? [] : [['alice', 100] as const];
  return Object.fromEntries([...creator, ...named].map(([name, level]) => [userId(name), level]));
}
