import { serverOfAlias, type RoomAlias, type RoomId, type ServerName } from '@hansa/protocol';
import type { DirectoryReader } from '@hansa/storage';
import type { RoomViews } from '../engine/room-views.ts';
import { notFound } from '../matrix-error.ts';

export interface ResolvedAlias {
  readonly roomId: RoomId;
  /** Servers that are in the room, ours among them where we are. */
  readonly servers: readonly ServerName[];
}

/** @throws MatrixError `M_NOT_FOUND`; a remote server's failure where it is asked */
export type ResolveAlias = (alias: RoomAlias) => Promise<ResolvedAlias>;

interface Ports {
  readonly directory: Pick<DirectoryReader, 'findAlias'>;
  readonly views: Pick<RoomViews, 'joinedServers'>;
  readonly queryDirectory: (server: ServerName, alias: RoomAlias) => Promise<ResolvedAlias>;
  readonly serverName: ServerName;
}

/** A room alias belongs to the server that it names: ours by our table, another's by asking it. */
export function createAliasResolver(ports: Ports): ResolveAlias {
  const { directory, views, queryDirectory, serverName } = ports;
  return async (alias) => {
    const server = serverOfAlias(alias);
    if (server !== serverName) return queryDirectory(server, alias);
    const entry = await directory.findAlias(alias);
    if (entry === undefined) throw notFound(`There is no room with the alias ${alias}.`);
    return { roomId: entry.roomId, servers: await views.joinedServers(entry.roomId) };
  };
}
