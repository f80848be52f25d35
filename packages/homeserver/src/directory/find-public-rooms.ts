import type { ServerName } from '@hansa/protocol';
import type { PublicRoomsPage } from '@hansa/protocol/wire';
import {
  listPublishedRooms,
  type DirectoryPorts,
  type DirectoryQuery,
} from './list-published-rooms.ts';

/** @throws a remote server's failure where it is asked */
export type FindPublicRooms = (
  server: ServerName | undefined,
  query: DirectoryQuery,
) => Promise<PublicRoomsPage>;

interface Ports extends DirectoryPorts {
  readonly queryPublicRooms: (
    server: ServerName,
    query: DirectoryQuery,
  ) => Promise<PublicRoomsPage>;
  readonly serverName: ServerName;
}

/** A directory belongs to a server: ours by our tables, where none is named, another's by asking it. */
export function createPublicRoomsFinder(ports: Ports): FindPublicRooms {
  return async (server = ports.serverName, query) =>
    server === ports.serverName
      ? listPublishedRooms(ports, query)
      : ports.queryPublicRooms(server, query);
}
