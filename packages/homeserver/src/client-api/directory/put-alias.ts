import { parseRoomAlias, parseRoomId, type RoomId, type ServerName } from '@hansa/protocol';
import { ConflictError, type AliasEntry, type Store } from '@hansa/storage';
import { Type } from 'typebox';
import { MAX_ALIASES, type AliasReservations } from '../../directory/alias-reservations.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden, invalidParam, MatrixError } from '../../matrix-error.ts';
import { isJoinedNow } from '../../membership/is-joined-now.ts';
import { requireOwnAlias } from './require-own-alias.ts';

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom'>;
  readonly aliases: AliasReservations;
  readonly serverName: ServerName;
}

/**
 * `PUT /directory/room/{roomAlias}`: by whoever is in the room. An alias is never moved (SEC-45); asked again by its
 * maker, it stands as it is.
 */
export function putAlias(ports: Ports): Route {
  const { store, views, aliases } = ports;
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/directory/room/{roomAlias}',
    auth: 'token',
    params: { roomAlias: parseRoomAlias },
    body: Type.Object({ room_id: Type.String({ maxLength: 255 }) }),
    handler: async ({ session: { userId }, params: { roomAlias: alias }, body }) => {
      requireOwnAlias(alias, ports.serverName);
      const entry = { alias, roomId: readRoomId(body.room_id), creator: userId };
      if (!(await isJoinedNow(views, entry.roomId, userId))) {
        throw forbidden('You are not in this room.');
      }
      using _held = aliases.hold(alias);
      if (await isStanding(store, entry)) return {};
      await requireFew(store, entry.roomId);
      await store.transact(({ directory }) => directory.insertAlias(entry)).catch(rethrowTaken);
      return {};
    },
  });

  function rethrowTaken(error: unknown): never {
    throw error instanceof ConflictError ? taken() : error;
  }
}

function readRoomId(text: string): RoomId {
  const roomId = parseRoomId(text);
  if (!roomId.ok) throw invalidParam(`room_id: ${roomId.reason}`);
  return roomId.value;
}

async function isStanding({ readers }: Ports['store'], entry: AliasEntry): Promise<boolean> {
  const known = await readers.directory.findAlias(entry.alias);
  if (known === undefined) return false;
  if (known.roomId === entry.roomId && known.creator === entry.creator) return true;
  throw taken();
}

async function requireFew({ readers }: Ports['store'], roomId: RoomId): Promise<void> {
  const listed = await readers.directory.listAliases(roomId, MAX_ALIASES);
  if (listed.length >= MAX_ALIASES) throw forbidden(`A room has ${MAX_ALIASES} aliases at most.`);
}

function taken(): MatrixError {
  return new MatrixError(409, 'M_UNKNOWN', 'This room alias is taken.');
}
