import type { Clock, Timers } from '@hansa/net';
import type { SyncFilter, SyncResponse } from '@hansa/protocol/wire';
import type { ReceiptReader } from '@hansa/storage';
import type { Reader } from '../client-events/show-events.ts';
import type { UserMembership, RoomViews } from '../engine/room-views.ts';
import type { RoomAdvances } from '../engine/room-engine.ts';
import type { Typing } from '../ephemeral/index.ts';
import { LongPoll, type PendingWait } from './long-poll.ts';
import { formatStreamToken, readToken, type StreamToken } from './stream-token.ts';
import { buildSyncResponse } from './sync-response.ts';

export interface SyncRequest {
  readonly viewer: Reader;
  readonly since: string | undefined;
  readonly timeoutMs: number;
  readonly filter: SyncFilter;
  readonly fullState: boolean;
  readonly useStateAfter: boolean;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

interface SyncPorts {
  readonly views: RoomViews;
  readonly receipts: Pick<ReceiptReader, 'listInRoom'>;
  readonly typing: Pick<Typing, 'newsFor'>;
  readonly advances: RoomAdvances;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly incarnation: string;
}

/** A proxy in front of us gives up after a minute, and the client asks again anyway. */
const MAX_TIMEOUT_MS = 55_000;
/** A membership that moves while we look is looked at again; it cannot move for ever. */
const MAX_LOOKS = 10;

/** `/sync`: everything in (token, position] that a user may see, now or as soon as there is something. */
export class Sync {
  readonly #ports: SyncPorts;
  readonly #longPoll: LongPoll;
  #stopped = false;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
    this.#longPoll = new LongPoll(ports.advances, ports.timers);
  }

  async answer(request: SyncRequest): Promise<SyncResponse> {
    const since = readToken(this.#ports, 'since', request.since);
    const deadline = this.#ports.clock.monotonic() + Math.min(request.timeoutMs, MAX_TIMEOUT_MS);
    for (;;) {
      using pending = this.#longPoll.begin(request.viewer.userId);
      const { memberships, upTo } = await this.#snapshot(request.viewer, pending);
      const response = await this.#build(request, since, upTo, memberships);
      const remainingMs = deadline - this.#ports.clock.monotonic();
      const answersNow = since === undefined || request.fullState || response.rooms !== undefined;
      if (answersNow || remainingMs <= 0 || this.#stopped || request.signal.aborted)
        return response;
      await pending.wait(remainingMs, request.signal);
    }
  }

  /** Requests that wait for news. */
  get waiting(): number {
    return this.#longPoll.waiting;
  }

  stop(): void {
    this.#stopped = true;
    this.#longPoll.stop();
  }

  /** Position first, then memberships, until none of them is from later: one consistent look. */
  async #snapshot(
    { userId }: Reader,
    pending: PendingWait,
  ): Promise<{ readonly memberships: readonly UserMembership[]; readonly upTo: number }> {
    const { views } = this.#ports;
    let memberships = await views.membershipsOf(userId);
    pending.watch(memberships.map(({ roomId }) => roomId));
    for (let look = 1; ; look += 1) {
      const upTo = await views.position();
      memberships = await views.membershipsOf(userId);
      const isSettled = memberships.every(({ position }) => position <= upTo);
      if (isSettled || look === MAX_LOOKS) return { memberships, upTo };
    }
  }

  #build(
    request: SyncRequest,
    since: StreamToken | undefined,
    upTo: number,
    memberships: readonly UserMembership[],
  ): Promise<SyncResponse> {
    const { views, receipts, typing, clock, incarnation } = this.#ports;
    const joined = memberships.filter(({ membership }) => membership === 'join');
    const isFresh = ({ position }: UserMembership) =>
      request.fullState || position > (since?.position ?? -1);
    const typingNews = typing.newsFor(
      joined.map(({ roomId }) => roomId),
      since?.typing,
      new Set(joined.filter(isFresh).map(({ roomId }) => roomId)),
    );
    const window = {
      views,
      receipts,
      typing: typingNews,
      viewer: request.viewer,
      since: since?.position,
      upTo,
      filter: request.filter,
      fullState: request.fullState,
      useStateAfter: request.useStateAfter,
      shown: { now: clock.now(), withoutRoomId: true },
      token: (position: number) => formatStreamToken({ incarnation, position }),
      nextBatch: formatStreamToken({ incarnation, position: upTo, typing: typingNews.mark }),
    };
    return buildSyncResponse(window, memberships);
  }
}
