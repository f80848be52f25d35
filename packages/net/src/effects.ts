/** The effects that long-lived parts are handed. In the simulator time is virtual and every draw comes from a seed. */
export interface Clock {
  /** Milliseconds since the epoch; what goes into events and stored rows. */
  now(): number;
  /** Milliseconds from an arbitrary start that never run backwards; for durations and deadlines. */
  monotonic(): number;
}

export interface Timers {
  /** Calls back once after `delayMs`. The answer cancels it; cancelling twice is harmless. */
  after(delayMs: number, callback: () => void): () => void;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Cryptographically strong in production. */
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1); for jitter, never for secrets. */
  fraction(): number;
}

export interface Effects {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}
