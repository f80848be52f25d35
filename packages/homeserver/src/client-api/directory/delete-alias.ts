import { parseRoomAlias, type ServerName, type UserId } from '@hansa/protocol';
import type { AliasEntry, Store } from '@hansa/storage';
import { requireAliasOwner } from '../../directory/owner-rights.ts';
import { withoutAlias } from '../../directory/unlist-alias.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import type { Log } from '../../log.ts';
import { notFound } from '../../matrix-error.ts';
import { maySendState } from '../../membership/may-send-state.ts';
import { requireOwnAlias } from './require-own-alias.ts';

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly engine: Pick<RoomEngine, 'send'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom'>;
  readonly serverName: ServerName;
  readonly log: Log;
}

const TYPE = 'm.room.canonical_alias';

/** `DELETE /directory/room/{roomAlias}`: by its owners, and out of what the room says of itself where they may. */
export function deleteAlias(ports: Ports): Route {
  const { store, views, serverName, log } = ports;
  return defineRoute({
    method: 'DELETE',
    path: '/_matrix/client/v3/directory/room/{roomAlias}',
    auth: 'token',
    params: { roomAlias: parseRoomAlias },
    handler: async ({ session: { userId }, params: { roomAlias } }) => {
      requireOwnAlias(roomAlias, serverName);
      const { accounts, directory } = store.readers;
      const entry = await directory.findAlias(roomAlias);
      if (entry === undefined) throw notFound(`There is no room with the alias ${roomAlias}.`);
      await requireAliasOwner({ accounts, views }, entry, userId);
      await store.transact((writers) => writers.directory.deleteAlias(entry));
      await unlist(ports, entry, userId).catch((error: unknown) => {
        // The alias is gone, whatever the room says of it; that is for the room's people to mend.
        log.warn({ err: error, ...entry }, 'a room goes on naming an alias that is gone');
      });
      return {};
    },
  });
}

async function unlist(
  { engine, views }: Ports,
  { alias, roomId }: AliasEntry,
  sender: UserId,
): Promise<void> {
  if (!(await maySendState(views, { roomId, userId: sender, type: TYPE }))) return;
  const named = await (await views.currentState(roomId)).find(TYPE, '');
  const content = named && withoutAlias(named.content, alias);
  if (content !== undefined) {
    await engine.send({ roomId, sender, type: TYPE, stateKey: '', content });
  }
}
