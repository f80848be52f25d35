import type { Clock } from '@hansa/net';
import { LRUCache } from 'lru-cache';
import type { RoomId, ServerName, UserId } from '@hansa/protocol';
import type { RoomViews } from '../engine/room-views.ts';
import { forbidden } from '../matrix-error.ts';
import { isJoinedNow } from '../membership/is-joined-now.ts';
import { typingEdu, type SendEdu } from './edus.ts';
import type { Typing } from './typing.ts';

export type TypingViews = Pick<RoomViews, 'currentState' | 'findRoom' | 'joinedServers'>;

interface Ports {
  readonly typing: Typing;
  readonly views: TypingViews;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly serverName: ServerName;
  readonly sendEdu: SendEdu;
}

/** After which other servers take somebody to have stopped, unless they hear again; so nobody types for longer here. */
const MAX_TYPING_MS = 60_000;
/** Between two notices that somebody goes on typing. */
const REFRESH_MS = 20_000;
/** Users in rooms of whom is known when others were told last. */
const MAX_TOLD = 10_000;

/** Our people typing, told here and to the other servers in the room. */
export class TypingNotices {
  readonly #ports: Ports;
  readonly #told = new LRUCache<string, number>({ max: MAX_TOLD });

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * For so long from now on; 0: not any more.
   * @throws MatrixError `M_FORBIDDEN` for who is not in the room
   */
  async set(roomId: RoomId, userId: UserId, forMs: number): Promise<void> {
    const { typing, views, serverName, sendEdu } = this.#ports;
    if (!(await isJoinedNow(views, roomId, userId))) throw forbidden('You are not in this room.');
    const boundedMs = Math.min(forMs, MAX_TYPING_MS);
    const isChange = typing.set(roomId, userId, boundedMs);
    if (!isChange && !this.#isDue(roomId, userId, boundedMs)) return;
    this.#told.set(JSON.stringify([roomId, userId]), this.#ports.clock.monotonic());
    const servers = await views.joinedServers(roomId);
    sendEdu(
      servers.filter((server) => server !== serverName),
      typingEdu(roomId, userId, boundedMs > 0, MAX_TYPING_MS),
    );
  }

  #isDue(roomId: RoomId, userId: UserId, forMs: number): boolean {
    const toldAt = this.#told.get(JSON.stringify([roomId, userId])) ?? -Infinity;
    return forMs > 0 && this.#ports.clock.monotonic() - toldAt >= REFRESH_MS;
  }

  /** What another server says of a user of its own, who was found in the room. */
  receive(roomId: RoomId, userId: UserId, isTyping: boolean): void {
    this.#ports.typing.set(roomId, userId, isTyping ? MAX_TYPING_MS : 0);
  }
}
