import type { DiskEntry, DiskReader, DiskWriter, MediaDisk } from '@hansa/homeserver';
import type { Clock } from '@hansa/net';

interface VirtualFile {
  bytes: Buffer;
  /** What a crash leaves of it. */
  synced: Buffer;
  changedAt: number;
}

/** The machine went off. */
export class PowerCutError extends Error {
  override readonly name = 'PowerCutError';
}

/**
 * A disk in memory that forgets what a disk may forget: at a power cut bytes that were not synced are gone, and so are
 * names, new or moved, whose folder was not. It can be cut before any step that changes something.
 */
export class VirtualMediaDisk implements MediaDisk {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #folders = new Set<string>(['']);
  /** By their paths. */
  #files = new Map<string, VirtualFile>();
  /** As they are after a power cut. */
  #durable = new Map<string, VirtualFile>();
  #stepsLeft = Number.POSITIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Paths of all files. */
  get paths(): readonly string[] {
    return [...this.#files.keys()].toSorted();
  }

  /** What a power cut would leave of a file, by the end of its path; `undefined` where that is nothing. */
  durable(end: string): Uint8Array | undefined {
    return [...this.#durable].find(([path]) => path.endsWith(end))?.[1].synced;
  }

  /** After so many steps more every call fails with a `PowerCutError`, until `restart`. */
  cutAfter(steps: number): void {
    this.#stepsLeft = steps;
  }

  /** Power is back. What was durable is there. */
  restart(): void {
    this.#stepsLeft = Number.POSITIVE_INFINITY;
    for (const file of this.#durable.values()) file.bytes = file.synced;
    this.#files = new Map(this.#durable);
  }

  async makeFolder(path: string): Promise<void> {
    this.#step();
    const parts = path.split('/');
    for (let count = 1; count <= parts.length; count += 1) {
      this.#folders.add(parts.slice(0, count).join('/'));
    }
  }

  async create(path: string): Promise<DiskWriter> {
    this.#step();
    this.#requireFolder(path);
    if (this.#files.has(path)) throw new Error(`${path} is there already`);
    const empty = Buffer.alloc(0);
    const file = { bytes: empty, synced: empty, changedAt: this.#clock.now() };
    this.#files.set(path, file);
    return {
      write: async (bytes) => {
        this.#step();
        file.bytes = Buffer.concat([file.bytes, bytes]);
        file.changedAt = this.#clock.now();
      },
      sync: async () => {
        this.#step();
        file.synced = file.bytes;
      },
      close: async () => {},
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step();
    this.#requireFolder(to);
    const file = this.#files.get(from);
    if (file === undefined) throw new Error(`${from} is not there`);
    this.#files.delete(from);
    this.#files.set(to, file);
    file.changedAt = this.#clock.now();
  }

  async syncFolder(path: string): Promise<void> {
    this.#step();
    for (const known of this.#durable.keys()) {
      if (folderOf(known) === path && !this.#files.has(known)) this.#durable.delete(known);
    }
    for (const [known, file] of this.#files) {
      if (folderOf(known) === path) this.#durable.set(known, file);
    }
  }

  async open(path: string): Promise<DiskReader | undefined> {
    this.#requirePower();
    const bytes = this.#files.get(path)?.bytes;
    if (bytes === undefined) return undefined;
    return {
      sizeBytes: bytes.byteLength,
      async *stream(start, end) {
        yield bytes.subarray(start, end);
      },
      close: async () => {},
    };
  }

  async remove(path: string): Promise<void> {
    this.#step();
    this.#files.delete(path);
  }

  async list(path: string): Promise<readonly DiskEntry[]> {
    this.#requirePower();
    const inside = [...this.#folders].filter((each) => each !== '' && folderOf(each) === path);
    const folders = inside.map((each) => ({ name: nameOf(each), changedAt: 0 }));
    const files = [...this.#files]
      .filter(([each]) => folderOf(each) === path)
      .map(([each, { changedAt }]) => ({ name: nameOf(each), changedAt }));
    return [...folders, ...files];
  }

  #step(): void {
    this.#requirePower();
    this.#stepsLeft -= 1;
  }

  #requirePower(): void {
    if (this.#stepsLeft <= 0) throw new PowerCutError('the power is off');
  }

  #requireFolder(path: string): void {
    if (!this.#folders.has(folderOf(path))) throw new Error(`there is no folder for ${path}`);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
