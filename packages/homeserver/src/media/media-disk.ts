/**
 * A folder on disk that is ours alone, as small as media need it. Paths are relative and made of our own names; `/` parts
 * them. What is written is there after a crash once `sync` has resolved, and under its name once `syncFolder` has.
 */
export interface MediaDisk {
  /** With those above it, durable when it resolves; nothing where it is there. */
  makeFolder(path: string): Promise<void>;
  /** A new, empty file. */
  create(path: string): Promise<DiskWriter>;
  /** Replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** `undefined` where there is no such file. */
  open(path: string): Promise<DiskReader | undefined>;
  /** Nothing where there is no such file. */
  remove(path: string): Promise<void>;
  /** Nothing where there is no such folder. */
  list(path: string): Promise<readonly DiskEntry[]>;
}

export interface DiskWriter {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskReader {
  readonly sizeBytes: number;
  /** Bytes from `start` up to `end`, without that one. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface DiskEntry {
  readonly name: string;
  /** Milliseconds since the epoch, when it was last written or renamed to here. */
  readonly changedAt: number;
}
