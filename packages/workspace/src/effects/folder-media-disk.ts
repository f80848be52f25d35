import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiskEntry, DiskReader, DiskWriter, MediaDisk } from '@hansa/homeserver';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const READ_CHUNK_BYTES = 256 * 1024;

/** Media in a folder of this machine, made when it is first needed. */
export class FolderMediaDisk implements MediaDisk {
  readonly #root: string;
  /** Folders that are known to be durable: two levels of 256 in each of a few. */
  readonly #durable = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  async makeFolder(path: string): Promise<void> {
    await this.#makeDurable(join(this.#root, path));
  }

  async create(path: string): Promise<DiskWriter> {
    return new FileWriter(await open(join(this.#root, path), 'wx', FILE_MODE));
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(join(this.#root, from), join(this.#root, to));
  }

  async syncFolder(path: string): Promise<void> {
    await syncPath(join(this.#root, path));
  }

  async open(path: string): Promise<DiskReader | undefined> {
    const handle = await orAbsent(open(join(this.#root, path), 'r'));
    if (handle === undefined) return undefined;
    try {
      return new FileReader(handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.#root, path), { force: true });
  }

  async list(path: string): Promise<readonly DiskEntry[]> {
    const folder = join(this.#root, path);
    const names = (await orAbsent(readdir(folder))) ?? [];
    const entries: DiskEntry[] = [];
    for (const name of names) {
      const found = await orAbsent(stat(join(folder, name)));
      // A rename changes the inode and not the contents, so it is the later of the two that counts.
      if (found !== undefined)
        entries.push({ name, changedAt: Math.max(found.mtimeMs, found.ctimeMs) });
    }
    return entries;
  }

  /** Every folder from the one above the root down, each once. */
  async #makeDurable(folder: string): Promise<void> {
    const known = this.#durable.get(folder);
    if (known !== undefined) return await known;
    const making = this.#make(folder);
    this.#durable.set(folder, making);
    try {
      await making;
    } catch (error) {
      this.#durable.delete(folder);
      throw error;
    }
  }

  async #make(folder: string): Promise<void> {
    const above = dirname(folder);
    if (folder !== this.#root) await this.#makeDurable(above);
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await syncPath(above);
  }
}

class FileWriter implements DiskWriter {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#handle.writeFile(bytes);
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

class FileReader implements DiskReader {
  readonly sizeBytes: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end;) {
      const length = Math.min(READ_CHUNK_BYTES, end - at);
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, at);
      if (bytesRead === 0) throw new Error('the file is shorter than it was');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function syncPath(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
