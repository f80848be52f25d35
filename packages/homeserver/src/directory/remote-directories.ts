import type { RoomAlias, ServerName, UserId } from '@hansa/protocol';
import type { Profile, PublicRoomsPage } from '@hansa/protocol/wire';
import type { DirectoryQuery } from './list-published-rooms.ts';
import type { ResolvedAlias } from './resolve-alias.ts';

/** What is asked of other servers when a client wants to know. Each throws the remote server's failure. */
export interface RemoteDirectories {
  readonly queryDirectory: (server: ServerName, alias: RoomAlias) => Promise<ResolvedAlias>;
  readonly queryPublicRooms: (
    server: ServerName,
    query: DirectoryQuery,
  ) => Promise<PublicRoomsPage>;
  readonly queryProfile: (server: ServerName, userId: UserId) => Promise<Profile>;
}
