import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';
import type { AliasEntry, DirectoryReader, DirectoryWriter } from '../ports/directory-store.ts';
import type { Recorder } from './part.ts';
import type { Queries } from './tables.ts';

export class SqlDirectoryReader implements DirectoryReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async findAlias(alias: RoomAlias): Promise<AliasEntry | undefined> {
    const row = await this.#queries
      .selectFrom('aliases')
      .selectAll()
      .where('alias', '=', alias)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return { alias, roomId: row.room_id as RoomId, creator: row.creator as UserId };
  }

  async listAliases(roomId: RoomId, limit: number): Promise<readonly RoomAlias[]> {
    const rows = await this.#queries
      .selectFrom('aliases')
      .select('alias')
      .where('room_id', '=', roomId)
      .orderBy('alias')
      .limit(limit)
      .execute();
    return rows.map((row) => row.alias as RoomAlias);
  }

  async isPublished(roomId: RoomId): Promise<boolean> {
    const row = await this.#queries
      .selectFrom('published_rooms')
      .select('room_id')
      .where('room_id', '=', roomId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async listPublished(query: {
    readonly after?: RoomId;
    readonly limit: number;
  }): Promise<readonly RoomId[]> {
    const rows = await this.#queries
      .selectFrom('published_rooms')
      .select('room_id')
      .where('room_id', '>', query.after ?? '')
      .orderBy('room_id')
      .limit(query.limit)
      .execute();
    return rows.map((row) => row.room_id as RoomId);
  }
}

export class SqlDirectoryWriter implements DirectoryWriter {
  readonly #part: Recorder;
  readonly #queries: Queries;

  constructor(part: Recorder, queries: Queries) {
    this.#part = part;
    this.#queries = queries;
  }

  insertAlias({ alias, roomId, creator }: AliasEntry): void {
    this.#part.recordQuery(
      this.#queries.insertInto('aliases').values({ alias, room_id: roomId, creator }).compile(),
    );
  }

  deleteAlias({ alias, roomId }: Pick<AliasEntry, 'alias' | 'roomId'>): void {
    this.#part.recordQuery(
      this.#queries
        .deleteFrom('aliases')
        .where('alias', '=', alias)
        .where('room_id', '=', roomId)
        .compile(),
    );
  }

  moveRoom(from: RoomId, to: RoomId): void {
    for (const table of ['aliases', 'published_rooms'] as const) {
      this.#part.recordQuery(
        this.#queries.updateTable(table).set({ room_id: to }).where('room_id', '=', from).compile(),
      );
    }
  }

  setPublished(roomId: RoomId, published: boolean): void {
    this.#part.recordQuery(
      published
        ? this.#queries
            .insertInto('published_rooms')
            .values({ room_id: roomId })
            .onConflict((conflict) => conflict.doNothing())
            .compile()
        : this.#queries.deleteFrom('published_rooms').where('room_id', '=', roomId).compile(),
    );
  }
}
