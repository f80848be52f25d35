import type { ServerName } from '@hansa/protocol';
import type { Blocked } from './blocked.ts';

/** A server in the room, or all those that are not in it. */
type Party = ServerName | 'outsiders';

export type GapQueues = ReadonlyMap<Party, Blocked[]>;

/**
 * Who has a turn at closing the gaps of a room while its stage is worked off: of the servers that have brought
 * something, the one that has had fewest. Each has so much time in all; those that are not in the room have it
 * together, as anybody can have many names.
 */
export class GapTurns {
  readonly #ours: ServerName;
  readonly #joined: ReadonlySet<ServerName>;
  readonly #limitMs: number;
  readonly #taken = new Map<Party, number>();
  readonly #spentMs = new Map<Party, number>();

  constructor(ours: ServerName, joined: ReadonlySet<ServerName>, limitMs: number) {
    this.#ours = ours;
    this.#joined = joined;
    this.#limitMs = limitMs;
  }

  isInRoom(server: ServerName): boolean {
    return server !== this.#ours && this.#joined.has(server);
  }

  /** Another one in the room at each attempt from the second on: who brought something may have left, and answer nobody. */
  witnessAt(attempts: number): ServerName | undefined {
    const others = [...this.#joined].filter((server) => server !== this.#ours);
    return attempts === 0 ? undefined : others[(attempts - 1) % others.length];
  }

  /** By who brought them first. */
  queuesOf(gaps: readonly Blocked[]): GapQueues {
    const queues = new Map<Party, Blocked[]>();
    for (const gap of gaps) {
      const party = this.#bringerOf(gap);
      const queue = queues.get(party);
      if (queue === undefined) queues.set(party, [gap]);
      else queue.push(gap);
    }
    return queues;
  }

  /** Takes a turn for the party that has had fewest, and those in the room before the others. */
  next(queues: GapQueues): Blocked[] | undefined {
    let chosen: Party | undefined;
    for (const [party, queue] of queues) {
      if (queue.length > 0 && (chosen === undefined || this.#isBefore(party, chosen))) {
        chosen = party;
      }
    }
    if (chosen === undefined) return undefined;
    this.#taken.set(chosen, this.#turnsOf(chosen) + 1);
    return queues.get(chosen);
  }

  leftMs(server: ServerName): number {
    return this.#limitMs - (this.#spentMs.get(this.#partyOf(server)) ?? 0);
  }

  spend(server: ServerName, spentMs: number): void {
    const party = this.#partyOf(server);
    this.#spentMs.set(party, (this.#spentMs.get(party) ?? 0) + spentMs);
  }

  /** Whether who brought it has no time left. */
  isSpent(gap: Blocked): boolean {
    return (this.#spentMs.get(this.#bringerOf(gap)) ?? 0) >= this.#limitMs;
  }

  #isBefore(party: Party, other: Party): boolean {
    const difference = this.#turnsOf(party) - this.#turnsOf(other);
    return difference < 0 || (difference === 0 && other === 'outsiders');
  }

  #turnsOf(party: Party): number {
    return this.#taken.get(party) ?? 0;
  }

  #bringerOf({ staged: { origins } }: Blocked): Party {
    const [first] = origins;
    return first === undefined ? 'outsiders' : this.#partyOf(first);
  }

  #partyOf(server: ServerName): Party {
    return this.isInRoom(server) ? server : 'outsiders';
  }
}
