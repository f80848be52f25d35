import type { Clock, KeyedSlots } from '@hansa/net';
import type { MediaReader } from '@hansa/storage';
import type { DiskEntry, MediaDisk } from './media-disk.ts';
import { FILES, hashOfName, INCOMING, THUMBNAILS } from './media-paths.ts';

/** How long a file may lie that nothing refers to. Nobody takes as long to upload or to store. */
const SWEPT_AFTER_MS = 24 * 60 * 60 * 1_000;

interface Ports {
  readonly disk: Pick<MediaDisk, 'list' | 'remove'>;
  readonly media: Pick<MediaReader, 'listReferenced'>;
  /** As in `MediaLibrary`: nobody stores a reference to a file while it is looked whether there is one. */
  readonly placing: KeyedSlots;
  readonly clock: Pick<Clock, 'now'>;
}

/** Removes files that a crash, a failed upload, or the end of the last reference to them left behind. */
export class MediaSweeper {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @param isStopped asked between folders */
  async sweep(isStopped: () => boolean): Promise<void> {
    for (const { name } of await this.#listOld(INCOMING)) {
      await this.#ports.disk.remove(`${INCOMING}/${name}`);
    }
    for (const root of [FILES, THUMBNAILS]) {
      for (const outer of await this.#ports.disk.list(root)) {
        for (const inner of await this.#ports.disk.list(`${root}/${outer.name}`)) {
          if (isStopped()) return;
          await this.#sweepFolder(`${root}/${outer.name}/${inner.name}`);
        }
      }
    }
  }

  async #sweepFolder(folder: string): Promise<void> {
    const { media, placing, disk } = this.#ports;
    const names = (await this.#listOld(folder)).map(({ name }) => name);
    const referenced = await media.listReferenced(names.map(hashOfName));
    for (const name of names) {
      const hash = hashOfName(name);
      if (referenced.has(hash)) continue;
      await placing.run(hash, async () => {
        // Somebody may have uploaded the same in between.
        if ((await media.listReferenced([hash])).size > 0) return;
        await disk.remove(`${folder}/${name}`);
      });
    }
  }

  async #listOld(folder: string): Promise<readonly DiskEntry[]> {
    const { disk, clock } = this.#ports;
    const before = clock.now() - SWEPT_AFTER_MS;
    return (await disk.list(folder)).filter(({ changedAt }) => changedAt < before);
  }
}
