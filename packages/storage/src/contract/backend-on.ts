import type { Store } from '../ports/store.ts';
import type { Backend, OpenBackend } from './backend.ts';

/** Where stores are opened, one after the other, on the same database. */
export interface Place {
  open(): Promise<Store>;
  /** When the last store is closed. */
  remove(): void | Promise<void>;
}

/** A backend whose databases are each in a new place. */
export function backendOn(name: string, newPlace: () => Promise<Place>): Backend {
  return { name, open: async () => openIn(await newPlace()) };
}

async function openIn(place: Place): Promise<OpenBackend> {
  const store = await place.open();
  return {
    store,
    async reopen() {
      await store.close();
      return openIn(place);
    },
    async dispose() {
      await store.close();
      await place.remove();
    },
  };
}
