import type { Draws } from '../world/draws.ts';

/** How unkind a seed is to what is sent: probabilities, and times in milliseconds. */
export interface NetworkOdds {
  readonly requestLost: number;
  readonly answerLost: number;
  readonly duplicated: number;
  readonly slow: number;
  readonly latencyMs: number;
  readonly slowMs: number;
}

/** What becomes of one request and of its answer. */
export interface Fate {
  readonly requestLost: boolean;
  readonly answerLost: boolean;
  /** Whoever loses something learns it at once (a reset connection), or by its own patience. */
  readonly isTold: boolean;
  readonly thereMs: number;
  readonly backMs: number;
  /** The request arrives a second time, so much later. */
  readonly againMs: number | undefined;
}

/** A network that loses, repeats, delays and divides, as long as it is told to. */
export class NetworkFaults {
  readonly #draws: Draws;
  readonly #odds: NetworkOdds;
  readonly #apart = new Set<string>();
  #on = false;

  constructor(draws: Draws, odds: NetworkOdds) {
    this.#draws = draws;
    this.#odds = odds;
  }

  begin(): void {
    this.#on = true;
  }

  fate(): Fate {
    const { requestLost, answerLost, duplicated, slow, latencyMs, slowMs } = this.#odds;
    const draws = this.#draws;
    const strikes = (probability: number): boolean => draws.chance(probability) && this.#on;
    const timeMs = (): number => draws.below(strikes(slow) ? slowMs : latencyMs);
    return {
      requestLost: strikes(requestLost),
      answerLost: strikes(answerLost),
      isTold: draws.chance(0.5),
      thereMs: timeMs(),
      backMs: timeMs(),
      againMs: strikes(duplicated) ? timeMs() : undefined,
    };
  }

  /** How many pieces arrive of an answer that is read piece by piece: all of them, unless the connection is lost meanwhile. */
  arriving(pieces: number): number {
    const isLost = this.#draws.chance(this.#odds.answerLost) && this.#on;
    return isLost ? this.#draws.below(pieces) : pieces;
  }

  /** From now on nothing passes from one to the other. */
  cut(from: string, to: string): void {
    if (this.#on) this.#apart.add(`${from} ${to}`);
  }

  mend(from: string, to: string): void {
    this.#apart.delete(`${from} ${to}`);
  }

  isCut(from: string, to: string): boolean {
    return this.#apart.has(`${from} ${to}`);
  }

  /** Everything arrives from now on. */
  end(): void {
    this.#on = false;
    this.#apart.clear();
  }
}
