import type { MediaDisk } from '@hansa/homeserver';
import type { VirtualMediaDisk } from '../../virtual-media-disk.ts';
import type { Lifetime } from './lifetime.ts';

/**
 * The folder of media for one lifetime: it throws once that is over. `reach` is asked before each step that changes something,
 * and tells whether the server crashes there.
 */
export function mediaDiskOf(
  disk: VirtualMediaDisk,
  lifetime: Lifetime,
  reach: () => boolean,
): MediaDisk {
  const step = (): void => {
    lifetime.require();
    if (reach()) lifetime.end();
    lifetime.require();
  };
  return {
    async makeFolder(path) {
      step();
      await disk.makeFolder(path);
    },
    async create(path) {
      step();
      const writer = await disk.create(path);
      return {
        async write(bytes) {
          step();
          await writer.write(bytes);
        },
        async sync() {
          step();
          await writer.sync();
        },
        close: () => writer.close(),
      };
    },
    async rename(from, to) {
      step();
      await disk.rename(from, to);
    },
    async syncFolder(path) {
      step();
      await disk.syncFolder(path);
    },
    async remove(path) {
      step();
      await disk.remove(path);
    },
    async open(path) {
      lifetime.require();
      return disk.open(path);
    },
    async list(path) {
      lifetime.require();
      return disk.list(path);
    },
  };
}
