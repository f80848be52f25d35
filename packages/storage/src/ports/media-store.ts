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

export interface MediaReader {
  find(server: ServerName, mediaId: string): Promise<Media | undefined>;
  /** Those of the hashes that some piece of media has. */
  listReferenced(hashes: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface MediaWriter {
  /** When its file is on disk. The part fails with `ConflictError` where the address is taken. */
  insert(media: Media): void;
}
