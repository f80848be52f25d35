import type { RoomAlias } from '@hansa/protocol';
import { MatrixError } from '../matrix-error.ts';

/** Of a room, by us. */
export const MAX_ALIASES = 1_000;

/** Aliases that are being given to a room: between the look that finds one free and its entry nobody else takes it. */
export class AliasReservations {
  readonly #held = new Set<RoomAlias>();

  /** @throws MatrixError `M_ROOM_IN_USE` */
  hold(alias: RoomAlias): Disposable {
    if (this.#held.has(alias)) throw aliasInUse();
    this.#held.add(alias);
    return { [Symbol.dispose]: () => void this.#held.delete(alias) };
  }
}

export function aliasInUse(): MatrixError {
  return new MatrixError(400, 'M_ROOM_IN_USE', 'This room alias is taken.');
}
