import type { ServerName, UserId } from '@hansa/protocol';
import type { Media, MediaBlock, MediaReader, MediaWriter } from '../ports/media-store.ts';
import { inLists } from './in-lists.ts';
import type { Recorder } from './part.ts';
import { integer, optionalText, text, type Row, type Rows } from './rows.ts';

export class SqlMediaReader implements MediaReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async find(server: ServerName, mediaId: string): Promise<Media | undefined> {
    const row = await this.#rows.first('SELECT * FROM media WHERE server = ? AND media_id = ?', [
      server,
      mediaId,
    ]);
    return row === undefined ? undefined : toMedia(row);
  }

  async listReferenced(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { places, values } of inLists(hashes)) {
      const rows = await this.#rows.all(
        `SELECT DISTINCT hash FROM media WHERE hash IN (${places})`,
        values,
      );
      for (const row of rows) found.add(text(row, 'hash'));
    }
    return found;
  }

  async findBlock(hash: string): Promise<MediaBlock | undefined> {
    const row = await this.#rows.first('SELECT * FROM media_blocks WHERE hash = ?', [hash]);
    if (row === undefined) return undefined;
    return {
      hash,
      blockedBy: text(row, 'blocked_by') as UserId,
      reason: optionalText(row, 'reason'),
      blockedAt: integer(row, 'blocked_at'),
    };
  }

  async sumUploaded(uploader: UserId, since: number): Promise<number> {
    const row = await this.#rows.first(
      `SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS total FROM media
       WHERE uploader = ? AND created_at >= ?`,
      [uploader, since],
    );
    return row === undefined ? 0 : integer(row, 'total');
  }
}

function toMedia(row: Row): Media {
  return {
    server: text(row, 'server') as ServerName,
    mediaId: text(row, 'media_id'),
    hash: text(row, 'hash'),
    sizeBytes: integer(row, 'size_bytes'),
    contentType: text(row, 'content_type'),
    imageType: optionalText(row, 'image_type'),
    fileName: optionalText(row, 'file_name'),
    uploader: optionalText(row, 'uploader') as UserId | undefined,
    createdAt: integer(row, 'created_at'),
  };
}

export class SqlMediaWriter implements MediaWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  insert(media: Media): void {
    const { server, mediaId, hash, sizeBytes, contentType, imageType } = media;
    this.#part.record(
      `INSERT INTO media (server, media_id, hash, size_bytes, content_type, image_type, file_name, uploader,
         created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        server,
        mediaId,
        hash,
        sizeBytes,
        contentType,
        imageType,
        media.fileName,
        media.uploader,
        media.createdAt,
      ],
    );
  }

  block({ hash, blockedBy, reason, blockedAt }: MediaBlock): void {
    this.#part.record(
      `INSERT INTO media_blocks (hash, blocked_by, reason, blocked_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (hash) DO UPDATE SET blocked_by = excluded.blocked_by, reason = excluded.reason,
         blocked_at = excluded.blocked_at`,
      [hash, blockedBy, reason, blockedAt],
    );
  }

  unblock(hash: string): void {
    this.#part.record('DELETE FROM media_blocks WHERE hash = ?', [hash]);
  }
}
