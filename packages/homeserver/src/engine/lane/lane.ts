import type { RoomId } from '@hansa/protocol';
import type { Committed, Position, Store } from '@hansa/storage';
import { MatrixError, overloaded } from '../../matrix-error.ts';
import { RoomDraft } from '../room/room-draft.ts';
import { loadRoomHead, type RoomHead } from '../room/room-head.ts';

/** Decides something about the room. Reads and changes it through the draft only, and waits for no network. */
export type Work<T> = (draft: RoomDraft) => Promise<T>;

export interface Done<T> {
  readonly value: T;
  readonly committed: Committed;
}

export interface LaneLimits {
  readonly laneQueue: number;
  readonly laneBatch: number;
}

/** Tells who asked, once what was decided is durable. */
type Answer = (committed: Committed) => void;

interface Queued {
  readonly run: (draft: RoomDraft) => Promise<Answer>;
  readonly fail: (error: unknown) => void;
}

/** Called with every draft that was committed and made something visible. Must not throw. */
export type OnCommitted = (draft: RoomDraft, committed: Committed) => void;

const NOTHING_COMMITTED: Committed = { position: undefined, firstPosition: undefined };

/**
 * The only writer of one room. It takes what waits, decides it in memory, one piece upon the other, and hands
 * the store one part for all; meanwhile new work gathers for the next. So a busy room pays one flush for many
 * events, and rooms that are busy together share theirs.
 *
 * The next batch waits for the commit of this one. Deciding further ahead would hide the time of a flush from a
 * single room, at the price of undoing several batches when a commit fails.
 */
export class Lane {
  readonly #roomId: RoomId;
  readonly #store: Store;
  readonly #limits: LaneLimits;
  readonly #onCommitted: OnCommitted;
  readonly #queue: Queued[] = [];
  #head: { readonly value: RoomHead | undefined } | undefined;
  #running = false;

  constructor(roomId: RoomId, store: Store, limits: LaneLimits, onCommitted: OnCommitted) {
    this.#roomId = roomId;
    this.#store = store;
    this.#limits = limits;
    this.#onCommitted = onCommitted;
  }

  get isIdle(): boolean {
    return !this.#running && this.#queue.length === 0;
  }

  /** Resolves when what the work decided is durable; rejects with what it threw. */
  run<T>(work: Work<T>): Promise<Done<T>> {
    if (this.#queue.length >= this.#limits.laneQueue) {
      return Promise.reject(overloaded('This room has more to do than it can take.'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({
        run: async (draft) => {
          const value = await work(draft);
          return (committed) => resolve({ value, committed });
        },
        fail: reject,
      });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#limits.laneBatch);
      const undone = await this.#runBatch(batch);
      // One of them is the culprit: each alone, so that only that one fails.
      for (const queued of undone) await this.#runBatch([queued]);
    }
    this.#running = false;
  }

  /** Answers what must be done again, as it failed together with other work. */
  async #runBatch(batch: readonly Queued[]): Promise<readonly Queued[]> {
    let begun = batch;
    let draft: RoomDraft;
    let committed = NOTHING_COMMITTED;
    const answers: Answer[] = [];
    try {
      draft = await this.#beginDraft();
      for (const [n, queued] of batch.entries()) {
        if (draft.sealed) {
          begun = batch.slice(0, n);
          this.#queue.unshift(...batch.slice(n));
          break;
        }
        answers.push(await decide(queued, draft));
      }
      const decided = draft;
      if (decided.size > 0) {
        committed = await this.#store.transact((writers) => decided.record(writers));
      }
    } catch (error) {
      // Whatever was decided upon it is void, too: begin again from what is stored.
      this.#head = undefined;
      if (begun.length > 1) return begun;
      for (const { fail } of begun) fail(error);
      return [];
    }
    this.#head = { value: draft.head };
    if (committed.position !== undefined) this.#onCommitted(draft, committed);
    for (const answer of answers) answer(committed);
    return [];
  }

  async #beginDraft(): Promise<RoomDraft> {
    this.#head ??= { value: await loadRoomHead(this.#store.readers, this.#roomId) };
    const newTimeline = (): number => this.#store.newTimeline();
    return new RoomDraft(this.#roomId, this.#head.value, this.#store.readers, newTimeline);
  }
}

/**
 * A refusal is an answer, and waits for the commit like any other: it may rest on what was decided just before.
 * Where the work had begun to change the draft, or failed in another way, half a decision is left behind, and the
 * batch is void.
 */
async function decide({ run, fail }: Queued, draft: RoomDraft): Promise<Answer> {
  const written = draft.size;
  try {
    return await run(draft);
  } catch (error) {
    if (!(error instanceof MatrixError) || draft.size !== written) throw error;
    return () => fail(error);
  }
}

/** The stream position that a draft's position became. */
export function positionIn(committed: Committed, position: Position): number {
  if (typeof position === 'number') return position;
  if (committed.firstPosition === undefined) throw new Error('the part took no position');
  return committed.firstPosition + position.index;
}
