import type { RoomId } from '@hansa/protocol';
import { MatrixError } from '../../matrix-error.ts';

/** Invites that wait for the invited server's signature: so many of a room at a time, and no more. */
export class InvitesUnderWay {
  readonly #limit: number;
  readonly #counts = new Map<RoomId, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(roomId: RoomId, action: () => Promise<T>): Promise<T> {
    const count = this.#counts.get(roomId) ?? 0;
    if (count >= this.#limit) {
      throw new MatrixError(
        429,
        'M_LIMIT_EXCEEDED',
        'Too many invites of this room are under way.',
      );
    }
    this.#counts.set(roomId, count + 1);
    try {
      return await action();
    } finally {
      const left = (this.#counts.get(roomId) ?? 0) - 1;
      if (left > 0) this.#counts.set(roomId, left);
      else this.#counts.delete(roomId);
    }
  }
}
