import type { SyncResponse } from '@hansa/protocol/wire';
import { RoomPicture } from '../../client/room-picture.ts';
import { NoAnswerError } from '../network/simulated-network.ts';
import type { Draws } from '../world/draws.ts';
import type { World } from '../world/world.ts';
import { API, type SimulatedClient } from './simulated-client.ts';

/** What a client was told of a room from its coming in to now, or to its leaving. */
export interface Stay {
  /** Ids of timeline events, in the order in which they came. */
  readonly seen: string[];
  /** Ids that a gap was announced right before: what came earlier may be missing. */
  readonly gapsBefore: Set<string>;
  readonly picture: RoomPicture;
  /** Where `/messages` goes on backwards. */
  prevBatch: string | undefined;
}

/** A client that syncs, now and then, and remembers what it was told. */
export class Reader {
  readonly client: SimulatedClient;
  readonly rooms = new Map<string, Stay>();
  /** Rooms that it was told to have left, and what it saw of the stay. */
  readonly left = new Map<string, Stay>();
  readonly invites = new Set<string>();
  /** What it was told that cannot be. */
  readonly faults: string[] = [];
  readonly #world: World;
  readonly #draws: Draws;
  #since: string | undefined;
  /** A client asks again when it has its answer. */
  #asking: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(client: SimulatedClient, world: World, draws: Draws) {
    this.client = client;
    this.#world = world;
    this.#draws = draws;
  }

  get since(): string | undefined {
    return this.#since;
  }

  /** Syncs until it is stopped. */
  async follow(): Promise<void> {
    while (!this.#stopped) {
      await this.sync(this.#draws.pick([0, 3_000, 10_000]));
      await this.#world.pause(this.#draws.below(12_000), `${this.client.userId} looks again`);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Whether it was answered. */
  sync(timeoutMs: number): Promise<boolean> {
    const answered = this.#asking.then(() => this.#sync(timeoutMs));
    this.#asking = answered.catch(() => {});
    return answered;
  }

  async #sync(timeoutMs: number): Promise<boolean> {
    const filter = { room: { timeline: { limit: this.#draws.pick([2, 5, 20]) } } };
    const query = new URLSearchParams({
      timeout: String(timeoutMs),
      filter: JSON.stringify(filter),
      use_state_after: 'true',
      ...(this.#since === undefined ? {} : { since: this.#since }),
    });
    try {
      const { status, body } = await this.client.request('GET', `${API}/sync?${query.toString()}`);
      if (status !== 200) {
        this.faults.push(`/sync answered ${status}: ${JSON.stringify(body)}`);
        return false;
      }
      this.#apply(body as object as SyncResponse);
      return true;
    } catch (error) {
      if (error instanceof NoAnswerError) return false;
      throw error;
    }
  }

  #apply({ next_batch: next, rooms }: SyncResponse): void {
    if (positionOf(next) < positionOf(this.#since)) {
      this.faults.push(`/sync went back from ${this.#since} to ${next}`);
    }
    this.#since = next;
    for (const roomId of Object.keys(rooms?.invite ?? {})) {
      this.invites.add(roomId);
      // Removed and invited again since it looked last: a room is in one place.
      this.rooms.delete(roomId);
    }
    for (const roomId of Object.keys(rooms?.knock ?? {})) {
      this.invites.delete(roomId);
      this.rooms.delete(roomId);
    }
    for (const [roomId, section] of Object.entries(rooms?.join ?? {})) {
      this.invites.delete(roomId);
      const stay = this.rooms.get(roomId) ?? newStay();
      this.rooms.set(roomId, stay);
      this.left.delete(roomId);
      note(stay, section);
    }
    for (const [roomId, section] of Object.entries(rooms?.leave ?? {})) {
      this.invites.delete(roomId);
      const stay = this.rooms.get(roomId);
      this.rooms.delete(roomId);
      if (stay === undefined) continue;
      note(stay, section);
      this.left.set(roomId, stay);
    }
  }
}

type Section = NonNullable<NonNullable<SyncResponse['rooms']>['leave']>[string];

function newStay(): Stay {
  return { seen: [], gapsBefore: new Set(), picture: new RoomPicture(), prevBatch: undefined };
}

function note(stay: Stay, section: Section): void {
  const events = section.timeline?.events ?? [];
  const [first] = events;
  if (section.timeline?.limited === true) stay.gapsBefore.add(first?.event_id ?? END);
  stay.prevBatch ??= section.timeline?.prev_batch;
  stay.seen.push(...events.map(({ event_id: eventId }) => eventId));
  stay.picture.apply(section);
}

/** Of a gap that nothing came behind. */
export const END = '';

/** Positions grow; a token may have more behind its own. */
function positionOf(token: string | undefined): number {
  return token === undefined ? 0 : Number(token.split('_')[2]);
}
