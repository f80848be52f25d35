import type { MediaDisk } from '@hansa/homeserver';
import type { Store } from '@hansa/storage';
import type { World } from '../world/world.ts';

/** Makes a server wrong on purpose, by what it is handed, to see that the invariants find it. */
export interface BreakServer {
  readonly store?: (store: Store, world: World) => Store;
  readonly mediaDisk?: (disk: MediaDisk) => MediaDisk;
}
