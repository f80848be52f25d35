import type { RoomId } from '@hansa/protocol';
import type { Committed } from '@hansa/storage';
import type { RoomAdvance, RoomAdvances } from './room-engine.ts';
import type { RoomDraft } from './room/room-draft.ts';

/** Tells after each commit that made something visible. A listener that throws costs the others nothing. */
export class Advances implements RoomAdvances {
  readonly #listeners = new Set<(advance: RoomAdvance) => void>();
  readonly #report: (problem: string, cause: unknown) => void;

  constructor(report: (problem: string, cause: unknown) => void) {
    this.#report = report;
  }

  subscribe(listener: (advance: RoomAdvance) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(draft: RoomDraft, { position }: Committed): void {
    if (position === undefined) return;
    const users = [...draft.changedUsers];
    const destinations = [...draft.destinations];
    this.#tell({ roomId: draft.roomId, position, users, destinations });
  }

  /** Something of the room that is no event is new. */
  announce(roomId: RoomId): void {
    this.#tell({ roomId, position: undefined, users: [], destinations: [] });
  }

  #tell(advance: RoomAdvance): void {
    for (const listener of this.#listeners) {
      try {
        listener(advance);
      } catch (error) {
        this.#report('a listener to room advances threw', error);
      }
    }
  }
}
