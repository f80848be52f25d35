import type { Clock, Timers } from '@hansa/net';
import type { RoomId, UserId } from '@hansa/protocol';

/** Rooms that are remembered; the one that changed longest ago is forgotten first. */
const MAX_ROOMS = 10_000;
/** Of a room; a client shows a few names at most. */
const MAX_TYPING = 50;

interface RoomTyping {
  /** Of the last change of the set. */
  readonly mark: number;
  readonly users: ReadonlyMap<UserId, () => void>;
}

/** What a client is told of who types, and how to ask for what comes after. */
export interface TypingNews {
  /** All who type, by room: the rooms where that changed since the client was told. */
  readonly rooms: ReadonlyMap<RoomId, readonly UserId[]>;
  /** Part of the client's next token; undefined where nobody types in its rooms. */
  readonly mark: number | undefined;
}

interface Ports {
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Pick<Timers, 'after'>;
  /** Called when the set of a room has changed. */
  readonly onChange: (roomId: RoomId) => void;
}

/**
 * Who types where, in memory alone. Marks count the changes, and begin at the time of the start: those of an earlier run
 * are lower, and whoever was told something then is told anew.
 */
export class Typing {
  readonly #ports: Ports;
  /** In the order of their marks. */
  readonly #rooms = new Map<RoomId, RoomTyping>();
  #lastMark: number;
  /** Of changes up to here it is not known any more which rooms they were in. */
  #floor: number;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#floor = ports.clock.now();
    this.#lastMark = this.#floor;
  }

  /** For so long from now on; 0: not any more. Answers whether that is a change. */
  set(roomId: RoomId, userId: UserId, forMs: number): boolean {
    const users = new Map(this.#rooms.get(roomId)?.users);
    const cancel = users.get(userId);
    cancel?.();
    const wasTyping = users.delete(userId);
    if (forMs > 0 && users.size < MAX_TYPING) {
      users.set(
        userId,
        this.#ports.timers.after(forMs, () => void this.set(roomId, userId, 0)),
      );
    }
    const isChange = wasTyping !== users.has(userId);
    this.#put(roomId, users, isChange);
    if (isChange) this.#ports.onChange(roomId);
    return isChange;
  }

  /** `since` is a mark that was given before; `fresh` are rooms of which the client knows nothing yet. */
  newsFor(
    roomIds: readonly RoomId[],
    since: number | undefined,
    fresh: ReadonlySet<RoomId>,
  ): TypingNews {
    const isForgotten = since !== undefined && since <= this.#floor;
    const rooms = new Map<RoomId, readonly UserId[]>();
    let isAnybody = false;
    for (const roomId of roomIds) {
      const known = this.#rooms.get(roomId);
      const users = [...(known?.users.keys() ?? [])];
      if (users.length > 0) isAnybody = true;
      const isTold = since !== undefined && !fresh.has(roomId);
      const isNews = isTold ? isForgotten || (known?.mark ?? 0) > since : users.length > 0;
      if (isNews) rooms.set(roomId, users);
    }
    return { rooms, mark: isAnybody ? this.#lastMark : undefined };
  }

  stop(): void {
    for (const { users } of this.#rooms.values()) for (const cancel of users.values()) cancel();
    this.#rooms.clear();
  }

  #put(roomId: RoomId, users: RoomTyping['users'], isChange: boolean): void {
    const known = this.#rooms.get(roomId);
    if (!isChange && known === undefined) return;
    if (isChange) {
      this.#lastMark += 1;
      this.#rooms.delete(roomId);
    }
    this.#rooms.set(roomId, { mark: isChange ? this.#lastMark : (known?.mark ?? 0), users });
    if (this.#rooms.size > MAX_ROOMS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#rooms.entries().next();
    if (oldest.done) return;
    const [roomId, { mark, users }] = oldest.value;
    for (const cancel of users.values()) cancel();
    this.#rooms.delete(roomId);
    this.#floor = mark;
  }
}
