import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';

export interface AliasEntry {
  readonly alias: RoomAlias;
  readonly roomId: RoomId;
  readonly creator: UserId;
}

export interface DirectoryReader {
  findAlias(alias: RoomAlias): Promise<AliasEntry | undefined>;
  /** Of a room, in their order, at most `limit`. */
  listAliases(roomId: RoomId, limit: number): Promise<readonly RoomAlias[]>;
  isPublished(roomId: RoomId): Promise<boolean>;
  /** Rooms in the published directory, ordered by id, after `after`, at most `limit`. */
  listPublished(query: {
    readonly after?: RoomId;
    readonly limit: number;
  }): Promise<readonly RoomId[]>;
}

export interface DirectoryWriter {
  /** The part fails with `ConflictError` where the alias is taken. */
  insertAlias(entry: AliasEntry): void;
  /** Nothing where there is no such alias, or it leads elsewhere by now. */
  deleteAlias(entry: Pick<AliasEntry, 'alias' | 'roomId'>): void;
  /** All aliases of a room, and its place among the published ones, go to another. */
  moveRoom(from: RoomId, to: RoomId): void;
  setPublished(roomId: RoomId, published: boolean): void;
}
