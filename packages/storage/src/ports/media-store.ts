import type { ServerName, UserId } from '@hansa/protocol';

/** A piece of media, ours or another server's: what is known of it. Its bytes are a file, found by their hash. */
export interface Media {
  /** Whose it is; with `mediaId` its address `mxc://server/mediaId`. */
  readonly server: ServerName;
  readonly mediaId: string;
  /** SHA-256 of the bytes, in lower-case hex. Several pieces may have the same. */
  readonly hash: string;
  readonly sizeBytes: number;
  /** As it was declared by whoever uploaded it, parameters included. */
  readonly contentType: string;
  /** The kind of image that the bytes are, whatever was declared; undefined where they are none that we know. */
  readonly imageType: string | undefined;
  readonly fileName: string | undefined;
  /** Undefined for another server's. */
  readonly uploader: UserId | undefined;
  /** When it came here, in milliseconds since the epoch. */
  readonly createdAt: number;
}

/** That a file is not taken, fetched or shown, whatever address it has or gets: it holds without any media, too. */
export interface MediaBlock {
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly blockedBy: UserId;
  readonly reason: string | undefined;
  /** In milliseconds since the epoch. */
  readonly blockedAt: number;
}

export interface MediaReader {
  find(server: ServerName, mediaId: string): Promise<Media | undefined>;
  /** Those of the hashes that some piece of media has. */
  listReferenced(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  findBlock(hash: string): Promise<MediaBlock | undefined>;
  /** How many bytes somebody has uploaded, of what came at that time (milliseconds since the epoch) or later. */
  sumUploaded(uploader: UserId, since: number): Promise<number>;
}

export interface MediaWriter {
  /** When its file is on disk. The part fails with `ConflictError` where the address is taken. */
  insert(media: Media): void;
  /** A later one stands for an earlier one. */
  block(block: MediaBlock): void;
  /** Nothing where it is not blocked. */
  unblock(hash: string): void;
}
