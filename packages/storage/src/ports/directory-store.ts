import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';

export interface AliasEntry {
  readonly alias: RoomAlias;
  readonly roomId: RoomId;
  readonly creator: UserId;
}

export interface DirectoryReader {
  findAlias(alias: RoomAlias): Promise<AliasEntry | undefined>;
  /** Rooms in the published directory, ordered by id, after `after`, at most `limit`. */
  listPublished(query: {
    readonly after?: RoomId;
    readonly limit: number;
  }): Promise<readonly RoomId[]>;
}

export interface DirectoryWriter {
  /** The part fails with `ConflictError` where the alias is taken. */
  insertAlias(entry: AliasEntry): void;
  setPublished(roomId: RoomId, published: boolean): void;
}
