import { createHash } from 'node:crypto';
import type { Random } from '@hansa/net';
import type { DiskReader, MediaDisk } from './media-disk.ts';
import { filePath, FILES, folderOf, INCOMING, THUMBNAILS, thumbnailPath } from './media-paths.ts';

const NAME_BYTES = 16;
/** Of each file these are shown to who wants to know what it is. */
const HEAD_BYTES = 4096;

/** A file that was received whole and is on disk, in a place that nothing refers to. */
export interface ReceivedFile {
  readonly path: string;
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly sizeBytes: number;
  /** Its first bytes. */
  readonly head: Uint8Array;
}

/** More came than may come. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** Files by their hash. What is here twice is here once. */
export class MediaFiles {
  readonly #disk: MediaDisk;
  readonly #random: Pick<Random, 'bytes'>;

  constructor(ports: { readonly disk: MediaDisk; readonly random: Pick<Random, 'bytes'> }) {
    this.#disk = ports.disk;
    this.#random = ports.random;
  }

  /**
   * Writes what comes to a temporary file, and hashes it on the way; who gets it keeps or discards it. Where it fails
   * nothing is left.
   * @throws TooLongError beyond `maxBytes`
   */
  async receive(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<ReceivedFile> {
    await this.#disk.makeFolder(INCOMING);
    const path = `${INCOMING}/${Buffer.from(this.#random.bytes(NAME_BYTES)).toString('hex')}`;
    try {
      return { path, ...(await this.#write(path, source, maxBytes)) };
    } catch (error) {
      await this.#disk.remove(path);
      throw error;
    }
  }

  /** Gives it its place; durable when it resolves. What refers to it is stored afterwards. */
  async keep({ path, hash }: ReceivedFile): Promise<void> {
    await this.#place(path, folderOf(FILES, hash), filePath(hash));
  }

  /** Keeps a file that was made from another one. */
  async keepThumbnail({ path }: ReceivedFile, of: string, form: string): Promise<void> {
    await this.#place(path, folderOf(THUMBNAILS, of), thumbnailPath(of, form));
  }

  async discard({ path }: ReceivedFile): Promise<void> {
    await this.#disk.remove(path);
  }

  /** `undefined` where there is none. Who gets one closes it. */
  async open(hash: string): Promise<DiskReader | undefined> {
    return await this.#disk.open(filePath(hash));
  }

  /** Likewise. */
  async openThumbnail(of: string, form: string): Promise<DiskReader | undefined> {
    return await this.#disk.open(thumbnailPath(of, form));
  }

  async #place(from: string, folder: string, to: string): Promise<void> {
    await this.#disk.makeFolder(folder);
    await this.#disk.rename(from, to);
    await this.#disk.syncFolder(folder);
  }

  async #write(
    path: string,
    source: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<Omit<ReceivedFile, 'path'>> {
    const digest = createHash('sha256');
    const head: Uint8Array[] = [];
    let sizeBytes = 0;
    const file = await this.#disk.create(path);
    try {
      for await (const chunk of source) {
        if (sizeBytes < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - sizeBytes));
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) throw new TooLongError(`more than ${maxBytes} bytes came`);
        digest.update(chunk);
        await file.write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { hash: digest.digest('hex'), sizeBytes, head: Buffer.concat(head) };
  }
}
